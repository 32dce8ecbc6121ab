// What a tensor is (shape, memory, autograd fields), as far as it is no operator.
#include "guard.h"

#include <algorithm>

namespace {

// Mirrored by Interop/TensorInfo.cs.
struct Info {
    int64_t dimensions;
    int64_t elements;
    int32_t scalar_type;
    int32_t element_bytes;
    int32_t device_type;
    int32_t device_index;
    int32_t is_contiguous;
    int32_t reserved;
};

}  // namespace

HW_EXPORT int hw_tensor_free(Handle handle) {
    return hw::guard([&] {
        TORCH_CHECK(handle != nullptr, "a tensor was expected, but the handle is null");
        hw::TensorPtr::reclaim(handle);
    });
}

HW_EXPORT int hw_tensor_info(Handle handle, Info* info) {
    return hw::guard([&] {
        const at::Tensor tensor = hw::required(handle);
        hw::out(info) = {tensor.dim(),
                         tensor.numel(),
                         static_cast<int32_t>(tensor.scalar_type()),
                         static_cast<int32_t>(tensor.element_size()),
                         static_cast<int32_t>(tensor.device().type()),
                         tensor.device().index(),
                         tensor.is_contiguous(),
                         0};
    });
}

// Sizes, then strides, of a tensor with exactly this many dimensions.
HW_EXPORT int hw_tensor_layout(Handle handle, int64_t* sizes, int64_t* strides, int64_t dimensions) {
    return hw::guard([&] {
        const at::Tensor tensor = hw::required(handle);
        TORCH_CHECK(tensor.dim() == dimensions, "the tensor has ", tensor.dim(), " dimensions, not ", dimensions);
        TORCH_CHECK(dimensions == 0 || (sizes != nullptr && strides != nullptr), "the place for the layout is null");
        std::copy_n(tensor.sizes().data(), dimensions, sizes);
        std::copy_n(tensor.strides().data(), dimensions, strides);
    });
}

HW_EXPORT int hw_tensor_data(Handle handle, void** data) {
    return hw::guard([&] { hw::out(data) = hw::required(handle).data_ptr(); });
}

HW_EXPORT int hw_tensor_set_requires_grad(Handle handle, int32_t requires_grad) {
    return hw::guard([&] { hw::required(handle).requires_grad_(requires_grad != 0); });
}

// The gradient, or null before the first backward pass.
HW_EXPORT int hw_tensor_grad(Handle handle, Handle* grad) {
    return hw::guard([&] { hw::out(grad) = hw::release(hw::required(handle).grad()); });
}

// Accumulates the gradients of a scalar into all leaves that it depends on.
HW_EXPORT int hw_tensor_backward(Handle handle) {
    return hw::guard([&] { hw::required(handle).backward(); });
}
