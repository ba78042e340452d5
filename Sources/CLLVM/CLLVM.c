#define _GNU_SOURCE
#include "CLLVM.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int martlet_llvm_open(const char *path, MartletLLVM *functions, const char **problem) {
  // Functions are bound on first call: binding all of libLLVM's would double the time to open it.
  void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    *problem = dlerror();
    return MartletLLVMNotFound;
  }
#define MARTLET_LLVM_FIND(result, name, parameters)                                                \
  {                                                                                                \
    void *address = dlsym(library, "LLVM" #name);                                                  \
    if (!address) {                                                                                \
      *problem = "LLVM" #name;                                                                     \
      dlclose(library);                                                                            \
      return MartletLLVMFunctionMissing;                                                           \
    }                                                                                              \
    memcpy(&functions->name, &address, sizeof address);                                            \
  }
  MARTLET_LLVM_FUNCTIONS(MARTLET_LLVM_FIND)
#undef MARTLET_LLVM_FIND
  return MartletLLVMOpenedOK;
}

static void report_fatal_error(const char *reason) {
  fprintf(stderr, "error: LLVM cannot compile this: %s\n", reason);
  fflush(stderr);
  _exit(1);
}

void martlet_llvm_install_fatal_error_handler(const MartletLLVM *functions) {
  functions->ResetFatalErrorHandler();
  functions->InstallFatalErrorHandler(report_fatal_error);
}

static int release_object(struct dl_phdr_info *object, size_t size, void *inside) {
  (void)size;
  const uintptr_t address = (uintptr_t)inside;
  const ElfW(Phdr) *segments = object->dlpi_phdr;
  int found = 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const uintptr_t start = object->dlpi_addr + segments[i].p_vaddr;
    if (segments[i].p_type == PT_LOAD && address >= start && address - start < segments[i].p_memsz)
      found = 1;
  }
  if (!found) return 0;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < object->dlpi_phnum; i++) {
    // What may be written holds relocated addresses and data of the process's own.
    if (segments[i].p_type != PT_LOAD || segments[i].p_flags & PF_W) continue;
    const uintptr_t start = object->dlpi_addr + segments[i].p_vaddr;
    const uintptr_t first = start & ~(page - 1);
    // A page shared with the next segment is left alone.
    const uintptr_t last = (start + segments[i].p_memsz) & ~(page - 1);
    if (last > first) madvise((void *)first, last - first, MADV_DONTNEED);
  }
  return 1;
}

void martlet_llvm_release_pages(const MartletLLVM *functions) {
  void *address;
  memcpy(&address, &functions->GetVersion, sizeof address);
  dl_iterate_phdr(release_object, address);
}

void martlet_release_own_pages(void) {
  void (*function)(void) = martlet_release_own_pages;
  void *address;
  memcpy(&address, &function, sizeof address);
  dl_iterate_phdr(release_object, address);
}
