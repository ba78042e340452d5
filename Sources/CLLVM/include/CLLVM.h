// The C door to libLLVM, which is opened at run time.
#ifndef CLLVM_H
#define CLLVM_H
#endif
