// The C door to libLLVM, which is opened at run time: no LLVM header is needed to build, and a
// run that generates no code pays nothing for it. The declarations below restate the part of
// LLVM's C interface that Martlet calls; it has not changed between LLVM 19 and 22.
#ifndef CLLVM_H
#define CLLVM_H

#include <stddef.h>

// Pointers of LLVM's functions are left without nullability: any may be null to Swift.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

typedef struct MartletLLVMContext *MartletLLVMContextRef;
typedef struct MartletLLVMModule *MartletLLVMModuleRef;
typedef struct MartletLLVMBuffer *MartletLLVMBufferRef;
typedef struct MartletLLVMTarget *MartletLLVMTargetRef;
typedef struct MartletLLVMTargetMachine *MartletLLVMTargetMachineRef;
typedef struct MartletLLVMTargetData *MartletLLVMTargetDataRef;
typedef struct MartletLLVMPassOptions *MartletLLVMPassOptionsRef;
typedef struct MartletLLVMError *MartletLLVMErrorRef;
typedef struct MartletLLVMDiagnostic *MartletLLVMDiagnosticRef;
typedef void (*MartletLLVMDiagnosticHandler)(MartletLLVMDiagnosticRef, void *);

// Functions of libLLVM, by their names less the prefix `LLVM`.
// X(result, name, parameters)
#define MARTLET_LLVM_FUNCTIONS(X)                                                                  \
  X(void, GetVersion, (unsigned *, unsigned *, unsigned *))                                        \
  X(void, DisposeMessage, (char *))                                                                \
  X(void, InstallFatalErrorHandler, (void (*)(const char *)))                                      \
  X(void, ResetFatalErrorHandler, (void))                                                          \
  X(MartletLLVMContextRef, ContextCreate, (void))                                                  \
  X(void, ContextDispose, (MartletLLVMContextRef))                                                 \
  X(void, ContextSetDiagnosticHandler,                                                             \
    (MartletLLVMContextRef, MartletLLVMDiagnosticHandler, void *))                                 \
  X(char *, GetDiagInfoDescription, (MartletLLVMDiagnosticRef))                                    \
  X(int, GetDiagInfoSeverity, (MartletLLVMDiagnosticRef))                                          \
  X(MartletLLVMBufferRef, CreateMemoryBufferWithMemoryRangeCopy,                                   \
    (const char *, size_t, const char *))                                                          \
  X(const char *, GetBufferStart, (MartletLLVMBufferRef))                                          \
  X(size_t, GetBufferSize, (MartletLLVMBufferRef))                                                 \
  X(void, DisposeMemoryBuffer, (MartletLLVMBufferRef))                                             \
  X(int, ParseIRInContext,                                                                         \
    (MartletLLVMContextRef, MartletLLVMBufferRef, MartletLLVMModuleRef *, char **))                \
  X(int, VerifyModule, (MartletLLVMModuleRef, int, char **))                                       \
  X(char *, PrintModuleToString, (MartletLLVMModuleRef))                                           \
  X(void, DisposeModule, (MartletLLVMModuleRef))                                                   \
  X(void, SetTarget, (MartletLLVMModuleRef, const char *))                                         \
  X(void, SetModuleDataLayout, (MartletLLVMModuleRef, MartletLLVMTargetDataRef))                   \
  X(void, InitializeX86TargetInfo, (void))                                                         \
  X(void, InitializeX86Target, (void))                                                             \
  X(void, InitializeX86TargetMC, (void))                                                           \
  X(void, InitializeX86AsmPrinter, (void))                                                         \
  X(void, InitializeX86AsmParser, (void))                                                          \
  X(char *, GetDefaultTargetTriple, (void))                                                        \
  X(char *, GetHostCPUName, (void))                                                                \
  X(char *, GetHostCPUFeatures, (void))                                                            \
  X(int, GetTargetFromTriple, (const char *, MartletLLVMTargetRef *, char **))                     \
  X(MartletLLVMTargetMachineRef, CreateTargetMachine,                                              \
    (MartletLLVMTargetRef, const char *, const char *, const char *, int, int, int))               \
  X(void, DisposeTargetMachine, (MartletLLVMTargetMachineRef))                                     \
  X(MartletLLVMTargetDataRef, CreateTargetDataLayout, (MartletLLVMTargetMachineRef))               \
  X(void, DisposeTargetData, (MartletLLVMTargetDataRef))                                           \
  X(int, TargetMachineEmitToMemoryBuffer,                                                          \
    (MartletLLVMTargetMachineRef, MartletLLVMModuleRef, int, char **, MartletLLVMBufferRef *))     \
  X(MartletLLVMPassOptionsRef, CreatePassBuilderOptions, (void))                                   \
  X(void, DisposePassBuilderOptions, (MartletLLVMPassOptionsRef))                                  \
  X(MartletLLVMErrorRef, RunPasses,                                                                \
    (MartletLLVMModuleRef, const char *, MartletLLVMTargetMachineRef, MartletLLVMPassOptionsRef))  \
  X(char *, GetErrorMessage, (MartletLLVMErrorRef))                                                \
  X(void, DisposeErrorMessage, (char *))

#define MARTLET_LLVM_FIELD(result, name, parameters) result(*_Nonnull name) parameters;
/// The functions of an opened libLLVM.
typedef struct MartletLLVM {
  MARTLET_LLVM_FUNCTIONS(MARTLET_LLVM_FIELD)
} MartletLLVM;
#undef MARTLET_LLVM_FIELD

/// What `martlet_llvm_open` answers.
enum MartletLLVMOpened {
  MartletLLVMOpenedOK = 0,
  /// The library could not be opened; `*problem` is the dynamic linker's text.
  MartletLLVMNotFound = 1,
  /// A function is missing from the library; `*problem` is its name.
  MartletLLVMFunctionMissing = 2,
};

/// Opens the library at `path` (a path or a soname) and fills `functions`. It is never closed.
/// `*problem` is valid until the thread's next use of the dynamic linker.
int martlet_llvm_open(
  const char *_Nonnull path, MartletLLVM *_Nonnull functions,
  const char *_Nullable *_Nonnull problem);

/// Makes an error LLVM cannot return from end the process with its text on stderr and status 1,
/// rather than with a crash report and an abort.
void martlet_llvm_install_fatal_error_handler(const MartletLLVM *_Nonnull functions);

/// Gives back the pages of the library opened by `martlet_llvm_open` that are only read: they stay in the
/// system's page cache, and come back when they are next used.
void martlet_llvm_release_pages(const MartletLLVM *_Nonnull functions);

/// The same for the program, or library, that this code is part of.
void martlet_release_own_pages(void);

#pragma clang diagnostic pop

#endif
