#define _GNU_SOURCE
#include "CLLVM.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
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
