// What a tensor is (shape, memory, autograd fields), as far as it is no operator.
#include "guard.h"

#include <algorithm>
#include <vector>

namespace {

// Mirrored by Interop/TensorInfo.cs.
struct Info {
    int64_t dimensions;
    int64_t elements;
    int64_t storage_offset;
    int32_t scalar_type;
    int32_t element_bytes;
    int32_t device_type;
    int32_t device_index;
    int32_t requires_grad;
    int32_t is_leaf;
    int32_t is_contiguous;
    int32_t reserved;
};

}  // namespace

HW_EXPORT int hw_tensor_free(Handle handle) {
    return hw::guard([&] { hw::TensorPtr::reclaim(hw::out(&handle)); });
}

HW_EXPORT int hw_tensor_info(Handle handle, Info* info) {
    return hw::guard([&] {
        const at::Tensor tensor = hw::required(handle);
        hw::out(info) = {tensor.dim(),
                         tensor.numel(),
                         tensor.storage_offset(),
                         static_cast<int32_t>(tensor.scalar_type()),
                         static_cast<int32_t>(tensor.element_size()),
                         static_cast<int32_t>(tensor.device().type()),
                         tensor.device().index(),
                         tensor.requires_grad(),
                         tensor.is_leaf(),
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

HW_EXPORT int hw_tensor_retain_grad(Handle handle) {
    return hw::guard([&] { hw::required(handle).retain_grad(); });
}

HW_EXPORT int hw_tensor_grad(Handle handle, Handle* grad) {
    return hw::guard([&] { hw::out(grad) = hw::release(hw::required(handle).grad()); });
}

HW_EXPORT int hw_tensor_set_grad(Handle handle, Handle grad) {
    return hw::guard([&] {
        const at::Tensor tensor = hw::required(handle);
        const at::Tensor value = hw::borrow(grad);
        TORCH_CHECK(!value.defined() || value.sizes() == tensor.sizes(), "a gradient of shape ", value.sizes(),
                    " does not fit a tensor of shape ", tensor.sizes());
        tensor.mutable_grad() = value;
    });
}

// gradient may be null where the tensor is a scalar; no inputs: accumulates into all leaves.
HW_EXPORT int hw_tensor_backward(Handle handle, Handle gradient, int32_t retain_graph, int32_t create_graph,
                                 const Handle* inputs, int32_t count) {
    return hw::guard([&] {
        std::vector<at::Tensor> leaves;
        TORCH_CHECK(count >= 0 && (count == 0 || inputs != nullptr), "the inputs are null");
        for (int32_t i = 0; i < count; i++) {
            leaves.push_back(hw::required(inputs[i]));
        }
        hw::required(handle)._backward(leaves, hw::borrow(gradient), retain_graph != 0, create_graph != 0);
    });
}
