// Optimizer steps: one call updates all parameters of a group. Dense float tensors on the CPU take one fused pass
// over memory; everything else (other types, layouts and devices) takes the same update as ATen operators.
#include "guard.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

namespace {

constexpr int64_t kElementsPerTask = 16384;

// Mirrored by Optimizers/SGD.cs.
struct SgdOptions {
    double learning_rate, momentum, dampening, weight_decay;
    int32_t nesterov;
};

// True when all three can be walked as flat float arrays with one index.
bool are_flat_floats(const at::Tensor& parameter, const at::Tensor& gradient, const at::Tensor& buffer) {
    const auto fits = [&](const at::Tensor& tensor) {
        return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided &&
               tensor.strides() == parameter.strides();
    };
    return fits(parameter) && fits(gradient) && fits(buffer) && parameter.is_non_overlapping_and_dense();
}

void fused_step(const at::Tensor& parameter, const at::Tensor& gradient, const at::Tensor& buffer, const SgdOptions& o) {
    auto* p = parameter.data_ptr<float>();
    auto* b = buffer.data_ptr<float>();
    const auto* g = gradient.data_ptr<float>();
    const auto rate = static_cast<float>(o.learning_rate), momentum = static_cast<float>(o.momentum);
    const auto fresh = static_cast<float>(1 - o.dampening), decay = static_cast<float>(o.weight_decay);
    const float own = o.nesterov != 0 ? 1 : 0, carried = o.nesterov != 0 ? momentum : 1;
    at::parallel_for(0, parameter.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
#pragma GCC ivdep
        for (int64_t i = begin; i < end; i++) {
            const float change = g[i] + decay * p[i];
            b[i] = momentum * b[i] + fresh * change;
            p[i] -= rate * (own * change + carried * b[i]);
        }
    });
    // What autograd would have noted for an operator: the parameter is no longer what was saved.
    parameter.unsafeGetTensorImpl()->bump_version();
}

// buffer: null where the parameter has had no step with momentum yet; then one is made.
void step(const at::Tensor& parameter, const at::Tensor& gradient, Handle* buffer, const SgdOptions& o) {
    if (o.momentum != 0 && *buffer != nullptr) {
        const at::Tensor known = hw::borrow(*buffer);
        TORCH_CHECK(known.sizes() == parameter.sizes(), "optimizer state of shape ", known.sizes(),
                    " does not fit a parameter of shape ", parameter.sizes());
        if (are_flat_floats(parameter, gradient, known)) {
            fused_step(parameter, gradient, known, o);
            return;
        }
    }

    at::Tensor change = o.weight_decay == 0 ? gradient : gradient.add(parameter, o.weight_decay);
    if (o.momentum != 0) {
        if (*buffer == nullptr) {
            // The buffer starts as the (decayed) gradient itself, without dampening.
            *buffer = hw::release(change.clone());
        } else {
            hw::borrow(*buffer).mul_(o.momentum).add_(change, 1 - o.dampening);
        }
        change = o.nesterov != 0 ? change.add(hw::borrow(*buffer), o.momentum) : hw::borrow(*buffer);
    }
    parameter.add_(change, -o.learning_rate);
}

}  // namespace

// Stochastic gradient descent for every parameter that has a gradient.
HW_EXPORT int hw_sgd_step(const Handle* parameters, Handle* momentum_buffers, int32_t count, const SgdOptions* options) {
    return hw::guard([&] {
        TORCH_CHECK(count >= 0 && (count == 0 || (parameters != nullptr && momentum_buffers != nullptr)),
                    "the parameters or their momentum buffers are null");
        const SgdOptions& o = hw::out(options);
        const c10::AutoGradMode no_grad(false);
        for (int32_t i = 0; i < count; i++) {
            const at::Tensor parameter = hw::required(parameters[i]);
            if (const at::Tensor gradient = parameter.grad(); gradient.defined()) {
                step(parameter, gradient, &momentum_buffers[i], o);
            }
        }
    });
}
