// What tracing needs that Swift cannot say: the processor's time stamp, a variable per thread, the
// counting of allocations and the system call behind hardware counters.
#ifndef CTRACE_H
#define CTRACE_H

#include <stdint.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <time.h>
#endif

/// The recorder of the calling thread, null where nothing is recorded.
extern __thread void *_Nullable martlet_trace_recorder;

static inline void *_Nullable martlet_trace_current(void) { return martlet_trace_recorder; }
static inline void martlet_trace_set_current(void *_Nullable recorder) {
  martlet_trace_recorder = recorder;
}

/// Ticks of a clock that runs at one rate on all processors: the time stamp counter, or nanoseconds.
static inline uint64_t martlet_trace_ticks(void) {
#if defined(__x86_64__)
  return __rdtsc();
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/// Calls of malloc and its like on the calling thread while counting was on, and the bytes they asked for.
struct martlet_allocations {
  uint64_t count;
  uint64_t bytes;
};
extern __thread struct martlet_allocations martlet_allocations_of_thread;
static inline struct martlet_allocations martlet_trace_allocations(void) {
  return martlet_allocations_of_thread;
}

/// Begins, or ends, counting allocations of the program and the libraries loaded so far; calls nest. While it
/// is off nothing is in the way of an allocation. Returns 0 where counting is not to be had.
int martlet_trace_count_allocations(int on);

/// Opens a counter of the calling thread, user code only: its descriptor, or -1 with errno set. `leader` is
/// the descriptor of the group's first, -1 for that one.
int martlet_perf_open(uint32_t type, uint64_t config, int leader);

#endif
