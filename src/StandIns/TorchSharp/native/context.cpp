// State outside of tensors: random generators, autograd modes, threads, devices, the library's version.
#include "guard.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/api/include/torch/version.h>

#include <mutex>

namespace {

at::Generator& generator_of(at::Generator* generator) {
    TORCH_CHECK(generator != nullptr, "the generator is null");
    return *generator;
}

}  // namespace

HW_EXPORT const char* hw_version() { return TORCH_VERSION; }

// A new CPU generator, or the process's default one of a device; freed by hw_generator_free.
HW_EXPORT int hw_generator_new(uint64_t seed, at::Generator** result) {
    return hw::guard([&] { hw::out(result) = new at::Generator(at::detail::createCPUGenerator(seed)); });
}

HW_EXPORT int hw_generator_default(int32_t device_type, int32_t device_index, at::Generator** result) {
    return hw::guard([&] {
        const c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        hw::out(result) = new at::Generator(at::globalContext().defaultGenerator(device));
    });
}

HW_EXPORT int hw_generator_free(at::Generator* generator) {
    return hw::guard([&] { delete &generator_of(generator); });
}

HW_EXPORT int hw_generator_set_seed(at::Generator* generator, uint64_t seed) {
    return hw::guard([&] {
        at::Generator& target = generator_of(generator);
        const std::lock_guard<std::mutex> lock(target.mutex());
        target.set_current_seed(seed);
    });
}

HW_EXPORT int hw_generator_seed(at::Generator* generator, uint64_t* seed) {
    return hw::guard([&] { hw::out(seed) = generator_of(generator).current_seed(); });
}

HW_EXPORT int hw_generator_get_state(at::Generator* generator, Handle* state) {
    return hw::guard([&] {
        at::Generator& source = generator_of(generator);
        const std::lock_guard<std::mutex> lock(source.mutex());
        hw::out(state) = hw::release(source.get_state());
    });
}

HW_EXPORT int hw_generator_set_state(at::Generator* generator, Handle state) {
    return hw::guard([&] {
        at::Generator& target = generator_of(generator);
        const std::lock_guard<std::mutex> lock(target.mutex());
        target.set_state(hw::required(state));
    });
}

HW_EXPORT int32_t hw_grad_mode() { return c10::GradMode::is_enabled(); }

HW_EXPORT int hw_set_grad_mode(int32_t enabled) {
    return hw::guard([&] { c10::GradMode::set_enabled(enabled != 0); });
}

// Enters inference mode (or leaves it, with enabled = 0) until the guard is freed, on the same thread.
HW_EXPORT int hw_inference_mode_enter(int32_t enabled, c10::InferenceMode** result) {
    return hw::guard([&] { hw::out(result) = new c10::InferenceMode(enabled != 0); });
}

HW_EXPORT int hw_inference_mode_exit(c10::InferenceMode* mode) {
    return hw::guard([&] { delete &hw::out(mode); });
}

HW_EXPORT int32_t hw_threads() { return at::get_num_threads(); }

HW_EXPORT int hw_set_threads(int32_t count) {
    return hw::guard([&] { at::set_num_threads(count); });
}

HW_EXPORT int32_t hw_interop_threads() { return at::get_num_interop_threads(); }

HW_EXPORT int hw_set_interop_threads(int32_t count) {
    return hw::guard([&] { at::set_num_interop_threads(count); });
}

// Devices of a type that this libtorch supports and this machine has.
HW_EXPORT int hw_device_count(int32_t device_type, int32_t* count) {
    return hw::guard([&] {
        const auto type = static_cast<c10::DeviceType>(device_type);
        TORCH_CHECK(c10::isValidDeviceType(type), "unknown device type ", device_type);
        const auto* devices = c10::impl::device_guard_impl_registry[static_cast<size_t>(type)].load();
        hw::out(count) = devices == nullptr ? 0 : devices->deviceCount();
    });
}
