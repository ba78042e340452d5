// Makes a program that times itself see processor time where it asks for the time of day: what other processes
// of the machine do then counts for nothing. Preloaded (LD_PRELOAD) into programs with one thread.
//
//   cc -O2 -shared -fPIC -o cpuclock.so cpuclock.c
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME) clock = CLOCK_PROCESS_CPUTIME_ID;
  return (int)syscall(SYS_clock_gettime, clock, time);
}
