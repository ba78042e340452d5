#define _GNU_SOURCE
#include "CTrace.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/perf_event.h>
#endif

__thread void *martlet_trace_recorder;
__thread struct martlet_allocations martlet_allocations_of_thread;

// MARK: Allocations
//
// Programs and libraries call malloc through slots that the dynamic linker fills (their global offset
// tables). Counting puts functions of ours in those slots, and takes them out again.

#if defined(__linux__) && defined(__x86_64__)
#define SLOT_OF_CALL R_X86_64_JUMP_SLOT
#define SLOT_OF_ADDRESS R_X86_64_GLOB_DAT
#elif defined(__linux__) && defined(__aarch64__)
#define SLOT_OF_CALL R_AARCH64_JUMP_SLOT
#define SLOT_OF_ADDRESS R_AARCH64_GLOB_DAT
#endif

#ifdef SLOT_OF_CALL

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static int (*real_posix_memalign)(void **, size_t, size_t);
static void *(*real_aligned_alloc)(size_t, size_t);

static void count(size_t size) {
  martlet_allocations_of_thread.count += 1;
  martlet_allocations_of_thread.bytes += size;
}
static void *counted_malloc(size_t size) {
  count(size);
  return real_malloc(size);
}
static void *counted_calloc(size_t number, size_t size) {
  count(number * size);
  return real_calloc(number, size);
}
static void *counted_realloc(void *old, size_t size) {
  count(size);
  return real_realloc(old, size);
}
static int counted_posix_memalign(void **result, size_t alignment, size_t size) {
  count(size);
  return real_posix_memalign(result, alignment, size);
}
static void *counted_aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return real_aligned_alloc(alignment, size);
}

static const struct {
  const char *name;
  void **real;
  void *counted;
} counted_functions[] = {
  {"malloc", (void **)&real_malloc, (void *)counted_malloc},
  {"calloc", (void **)&real_calloc, (void *)counted_calloc},
  {"realloc", (void **)&real_realloc, (void *)counted_realloc},
  {"posix_memalign", (void **)&real_posix_memalign, (void *)counted_posix_memalign},
  {"aligned_alloc", (void **)&real_aligned_alloc, (void *)counted_aligned_alloc},
};
enum { FUNCTIONS = sizeof counted_functions / sizeof counted_functions[0], SLOTS = 512 };

// What stood in the slots that were changed.
static struct {
  void **slot;
  void *before;
} changed[SLOTS];
static int changed_count;

// Slots may lie in pages that are read-only once the program has started.
static int write_slot(void **slot, void *value) {
  uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
  void *page = (void *)((uintptr_t)slot & ~(size - 1));
  int is_protected = 0;
  FILE *maps = fopen("/proc/self/maps", "re");
  if (maps == 0) return 0;
  char line[512];
  int found = 0;
  while (fgets(line, sizeof line, maps)) {
    unsigned long low, high;
    char modes[5];
    if (sscanf(line, "%lx-%lx %4s", &low, &high, modes) != 3) continue;
    if ((uintptr_t)slot < low || (uintptr_t)slot >= high) continue;
    is_protected = modes[1] != 'w';
    found = 1;
    break;
  }
  fclose(maps);
  if (!found) return 0;
  if (is_protected && mprotect(page, size, PROT_READ | PROT_WRITE) != 0) return 0;
  __atomic_store_n(slot, value, __ATOMIC_RELEASE);
  if (is_protected) mprotect(page, size, PROT_READ);
  return 1;
}

static void change_slots(
  uintptr_t base, const ElfW(Rela) *entries, size_t size, const ElfW(Sym) *symbols,
  const char *names) {
  for (size_t i = 0; i < size / sizeof *entries; i++) {
    unsigned long type = ELF64_R_TYPE(entries[i].r_info);
    if (type != SLOT_OF_CALL && type != SLOT_OF_ADDRESS) continue;
    const char *name = names + symbols[ELF64_R_SYM(entries[i].r_info)].st_name;
    for (int k = 0; k < FUNCTIONS; k++) {
      if (strcmp(name, counted_functions[k].name) != 0 || *counted_functions[k].real == 0) continue;
      if (changed_count == SLOTS) return;
      void **slot = (void **)(base + entries[i].r_offset);
      void *before = *slot;
      if (before == counted_functions[k].counted) continue;
      // An address that leads elsewhere is someone else's hook, or weak and absent.
      if (type == SLOT_OF_ADDRESS && before != *counted_functions[k].real) continue;
      if (!write_slot(slot, counted_functions[k].counted)) continue;
      changed[changed_count].slot = slot;
      changed[changed_count++].before = before;
    }
  }
}

static int change_library(struct dl_phdr_info *library, size_t size, void *unused) {
  (void)size, (void)unused;
  if (strstr(library->dlpi_name, "linux-vdso") || strstr(library->dlpi_name, "linux-gate")) return 0;
  for (int i = 0; i < library->dlpi_phnum; i++) {
    if (library->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const ElfW(Dyn) *entry = (const void *)(library->dlpi_addr + library->dlpi_phdr[i].p_vaddr);
    const ElfW(Sym) *symbols = 0;
    const char *names = 0;
    const ElfW(Rela) *calls = 0, *others = 0;
    size_t calls_size = 0, others_size = 0;
    for (; entry->d_tag != DT_NULL; entry++) {
      switch (entry->d_tag) {
      case DT_SYMTAB: symbols = (const void *)entry->d_un.d_ptr; break;
      case DT_STRTAB: names = (const void *)entry->d_un.d_ptr; break;
      case DT_JMPREL: calls = (const void *)entry->d_un.d_ptr; break;
      case DT_PLTRELSZ: calls_size = entry->d_un.d_val; break;
      case DT_RELA: others = (const void *)entry->d_un.d_ptr; break;
      case DT_RELASZ: others_size = entry->d_un.d_val; break;
      }
    }
    if (symbols == 0 || names == 0) continue;
    if (calls) change_slots(library->dlpi_addr, calls, calls_size, symbols, names);
    if (others) change_slots(library->dlpi_addr, others, others_size, symbols, names);
  }
  return 0;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int depth;

int martlet_trace_count_allocations(int on) {
  pthread_mutex_lock(&lock);
  if (on && depth++ == 0) {
    for (int k = 0; k < FUNCTIONS; k++)
      *counted_functions[k].real = dlsym(RTLD_DEFAULT, counted_functions[k].name);
    changed_count = 0;
    dl_iterate_phdr(change_library, 0);
  } else if (!on && --depth == 0) {
    for (int i = 0; i < changed_count; i++) write_slot(changed[i].slot, changed[i].before);
    changed_count = 0;
  }
  int is_counting = changed_count > 0 || !on;
  if (on && !is_counting) depth--;
  pthread_mutex_unlock(&lock);
  return is_counting;
}

#else

int martlet_trace_count_allocations(int on) {
  (void)on;
  return 0;
}

#endif

// MARK: Counters

int martlet_perf_open(uint32_t type, uint64_t config, int leader) {
#if defined(__linux__)
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = type;
  attributes.config = config;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_GROUP;
  return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
#else
  (void)type, (void)config, (void)leader;
  errno = ENOSYS;
  return -1;
#endif
}
