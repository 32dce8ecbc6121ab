// Optimizer steps: one call updates all parameters of a group. Dense float tensors on the CPU take one fused pass
// over memory; everything else (other types, layouts and devices) takes the same update as ATen operators.
#include "guard.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <array>
#include <cmath>

namespace {

constexpr int64_t kElementsPerTask = 16384;

// True when all tensors can be walked as flat float arrays with one index.
template <size_t N>
bool flat_floats(const std::array<at::Tensor, N>& tensors) {
    for (const at::Tensor& tensor : tensors) {
        if (!tensor.device().is_cpu() || tensor.scalar_type() != at::kFloat || tensor.layout() != at::kStrided ||
            tensor.strides() != tensors[0].strides() || !tensor.is_non_overlapping_and_dense()) {
            return false;
        }
    }
    return true;
}

template <size_t N, class Update, size_t... I>
void walk(const std::array<float*, N>& data, int64_t elements, const Update& update, std::index_sequence<I...>) {
    at::parallel_for(0, elements, kElementsPerTask, [&](int64_t begin, int64_t end) {
#pragma GCC ivdep
        for (int64_t i = begin; i < end; i++) {
            update(data[I][i]...);
        }
    });
}

template <size_t N, class Update>
void for_each_element(const std::array<at::Tensor, N>& tensors, const Update& update) {
    std::array<float*, N> data;
    for (size_t i = 0; i < N; i++) {
        data[i] = static_cast<float*>(tensors[i].data_ptr());
    }
    walk(data, tensors[0].numel(), update, std::make_index_sequence<N>());
    tensors[0].unsafeGetTensorImpl()->bump_version();
}

// Runs the body for each parameter that has a gradient; a state tensor must have the parameter's shape.
template <class Body>
int for_each_parameter(const Handle* parameters, int32_t count, Body&& body) {
    return hw::guard([&] {
        TORCH_CHECK(count >= 0 && (count == 0 || parameters != nullptr), "the parameters are null");
        const c10::AutoGradMode no_grad(false);
        for (int32_t i = 0; i < count; i++) {
            const at::Tensor parameter = hw::required(parameters[i]);
            if (const at::Tensor gradient = parameter.grad(); gradient.defined()) {
                TORCH_CHECK(!gradient.is_sparse(), "sparse gradients are not supported");
                body(i, parameter, gradient);
            }
        }
    });
}

at::Tensor state_of(const Handle* states, int32_t index, const at::Tensor& parameter) {
    TORCH_CHECK(states != nullptr, "the optimizer state is null");
    const at::Tensor state = hw::required(states[index]);
    TORCH_CHECK(state.sizes() == parameter.sizes(), "optimizer state of shape ", state.sizes(),
                " does not fit a parameter of shape ", parameter.sizes());
    return state;
}

}  // namespace

// Mirrored by Optimizers/SGD.cs. momentum_buffers: null where a parameter has had no step yet; then one is made.
struct SgdOptions {
    double lr, momentum, dampening, weight_decay;
    int32_t nesterov, maximize;
};

HW_EXPORT int hw_sgd_step(const Handle* parameters, Handle* momentum_buffers, int32_t count, const SgdOptions* options) {
    return for_each_parameter(parameters, count, [&](int32_t i, const at::Tensor& parameter, const at::Tensor& gradient) {
        const SgdOptions& o = hw::out(options);
        const double rate = o.maximize ? o.lr : -o.lr;
        const auto decay = static_cast<float>(o.weight_decay);
        if (o.momentum == 0) {
            if (const std::array flat{parameter, gradient}; flat_floats(flat)) {
                const auto step = static_cast<float>(rate);
                for_each_element(flat, [=](float& p, float& g) { p += step * (g + decay * p); });
            } else {
                at::Tensor change = o.weight_decay == 0 ? gradient : gradient.add(parameter, o.weight_decay);
                parameter.add_(change, rate);
            }
            return;
        }

        TORCH_CHECK(momentum_buffers != nullptr, "the momentum buffers are null");
        if (momentum_buffers[i] == nullptr) {
            // The first step: the buffer starts as the (decayed) gradient itself, without dampening.
            at::Tensor first = o.weight_decay == 0 ? gradient.clone() : gradient.add(parameter, o.weight_decay);
            parameter.add_(o.nesterov ? first.mul(1 + o.momentum) : first, rate);
            momentum_buffers[i] = hw::release(first);
            return;
        }

        const at::Tensor buffer = state_of(momentum_buffers, i, parameter);
        if (const std::array flat{parameter, gradient, buffer}; flat_floats(flat)) {
            const auto step = static_cast<float>(rate), momentum = static_cast<float>(o.momentum);
            const auto fresh = static_cast<float>(1 - o.dampening);
            const float own = o.nesterov ? 1 : 0, carried = o.nesterov ? momentum : 1;
            for_each_element(flat, [=](float& p, float& g, float& b) {
                const float change = g + decay * p;
                b = momentum * b + fresh * change;
                p += step * (own * change + carried * b);
            });
        } else {
            const at::Tensor change = o.weight_decay == 0 ? gradient : gradient.add(parameter, o.weight_decay);
            buffer.mul_(o.momentum).add_(change, 1 - o.dampening);
            parameter.add_(o.nesterov ? change.add(buffer, o.momentum) : buffer, rate);
        }
    });
}

// Mirrored by Optimizers/AdamW.cs. steps: of each parameter, already counting this one.
struct AdamWOptions {
    double lr, beta1, beta2, eps, weight_decay;
    int32_t amsgrad, maximize;
};

HW_EXPORT int hw_adamw_step(const Handle* parameters, const Handle* averages, const Handle* squares,
                            const Handle* largest_squares, const int64_t* steps, int32_t count,
                            const AdamWOptions* options) {
    return for_each_parameter(parameters, count, [&](int32_t i, const at::Tensor& parameter, const at::Tensor& gradient) {
        const AdamWOptions& o = hw::out(options);
        TORCH_CHECK(steps != nullptr && steps[i] > 0, "the step count has to be positive");
        const at::Tensor average = state_of(averages, i, parameter);
        const at::Tensor square = state_of(squares, i, parameter);
        const double keep = 1 - o.lr * o.weight_decay;
        const double step_size = o.lr / (1 - std::pow(o.beta1, steps[i]));
        const double root_correction = std::sqrt(1 - std::pow(o.beta2, steps[i]));
        const double sign = o.maximize ? -1 : 1;
        const std::array flat{parameter, gradient, average, square};
        if (!o.amsgrad && flat_floats(flat)) {
            const auto beta1 = static_cast<float>(o.beta1), beta2 = static_cast<float>(o.beta2);
            const auto fresh1 = static_cast<float>(sign * (1 - o.beta1)), fresh2 = static_cast<float>(1 - o.beta2);
            const auto decay = static_cast<float>(keep), step = static_cast<float>(step_size);
            const auto correction = static_cast<float>(root_correction), eps = static_cast<float>(o.eps);
            for_each_element(flat, [=](float& p, float& g, float& m, float& v) {
                m = beta1 * m + fresh1 * g;
                v = beta2 * v + fresh2 * g * g;
                p = decay * p - step * m / (std::sqrt(v) / correction + eps);
            });
            return;
        }
        average.mul_(o.beta1).add_(gradient, sign * (1 - o.beta1));
        square.mul_(o.beta2).addcmul_(gradient, gradient, 1 - o.beta2);
        at::Tensor scale = square;
        if (o.amsgrad) {
            scale = state_of(largest_squares, i, parameter);
            scale.copy_(at::maximum(scale, square));
        }
        parameter.mul_(keep).addcdiv_(average, scale.sqrt().div_(root_correction).add_(o.eps), -step_size);
    });
}

// Mirrored by Optimizers/RMSProp.cs. momentum_buffers and averages may be null when momentum is 0 or centered is 0.
struct RmsPropOptions {
    double lr, alpha, eps, weight_decay, momentum;
    int32_t centered, maximize;
};

HW_EXPORT int hw_rmsprop_step(const Handle* parameters, const Handle* squares, const Handle* momentum_buffers,
                              const Handle* averages, int32_t count, const RmsPropOptions* options) {
    return for_each_parameter(parameters, count, [&](int32_t i, const at::Tensor& parameter, const at::Tensor& gradient) {
        const RmsPropOptions& o = hw::out(options);
        const at::Tensor square = state_of(squares, i, parameter);
        if (o.momentum > 0 && !o.centered) {
            const std::array flat{parameter, gradient, square, state_of(momentum_buffers, i, parameter)};
            if (flat_floats(flat)) {
                const auto alpha = static_cast<float>(o.alpha), fresh = static_cast<float>(1 - o.alpha);
                const auto sign = o.maximize ? -1.0F : 1.0F, decay = static_cast<float>(o.weight_decay);
                const auto eps = static_cast<float>(o.eps), momentum = static_cast<float>(o.momentum);
                const auto step = static_cast<float>(o.lr);
                for_each_element(flat, [=](float& p, float& g, float& v, float& b) {
                    const float change = sign * g + decay * p;
                    v = alpha * v + fresh * change * change;
                    b = momentum * b + change / (std::sqrt(v) + eps);
                    p -= step * b;
                });
                return;
            }
        }
        at::Tensor change = o.maximize ? gradient.neg() : gradient;
        if (o.weight_decay != 0) {
            change = change.add(parameter, o.weight_decay);
        }
        square.mul_(o.alpha).addcmul_(change, change, 1 - o.alpha);
        at::Tensor variance = square;
        if (o.centered) {
            const at::Tensor average = state_of(averages, i, parameter);
            average.mul_(o.alpha).add_(change, 1 - o.alpha);
            variance = square.addcmul(average, average, -1);
        }
        const at::Tensor root = variance.sqrt().add_(o.eps);
        if (o.momentum > 0) {
            const at::Tensor buffer = state_of(momentum_buffers, i, parameter);
            buffer.mul_(o.momentum).addcdiv_(change, root);
            parameter.add_(buffer, -o.lr);
        } else {
            parameter.addcdiv_(change, root, -o.lr);
        }
    });
}
