// What every exported function shares: the calling convention, tensor handles, and the guard that turns any C++
// exception into an error code, so that none can cross into managed code and end the process.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <exception>

#define HW_EXPORT extern "C" __attribute__((visibility("default")))

// A handle is the TensorImpl itself, holding one reference; null is the undefined tensor.
using Handle = c10::TensorImpl*;

namespace hw {

using TensorPtr = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

inline at::Tensor borrow(Handle handle) {
    return handle == nullptr ? at::Tensor() : at::Tensor(TensorPtr::reclaim_copy(handle));
}

// A tensor that has to be there.
inline at::Tensor required(Handle handle) {
    TORCH_CHECK(handle != nullptr, "a tensor was expected, but the handle is null");
    return borrow(handle);
}

inline Handle release(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

template <class T>
T& out(T* pointer) {
    TORCH_CHECK(pointer != nullptr, "the place for the result is null");
    return *pointer;
}

void set_error(const char* message) noexcept;

// Runs the body; returns 0, or 1 after storing the message for hw_last_error.
template <class Body>
int guard(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const c10::Error& error) {
        set_error(error.what_without_backtrace());
    } catch (const std::exception& error) {
        set_error(error.what());
    } catch (...) {
        set_error("an unknown native error");
    }
    return 1;
}

}  // namespace hw
