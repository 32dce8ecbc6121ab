// State outside of tensors: random generators, the gradient mode, threads, the library's version.
#include "guard.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/api/include/torch/version.h>

HW_EXPORT const char* hw_version() { return TORCH_VERSION; }

// A new CPU generator; freed by hw_generator_free.
HW_EXPORT int hw_generator_new(uint64_t seed, at::Generator** result) {
    return hw::guard([&] { hw::out(result) = new at::Generator(at::detail::createCPUGenerator(seed)); });
}

HW_EXPORT int hw_generator_free(at::Generator* generator) {
    return hw::guard([&] {
        TORCH_CHECK(generator != nullptr, "the generator is null");
        delete generator;
    });
}

// Seeds the default generators of all devices and gives out the CPU's; freed by hw_generator_free.
HW_EXPORT int hw_manual_seed(uint64_t seed, at::Generator** result) {
    return hw::guard([&] {
        at::Generator*& generator = hw::out(result);
        at::manual_seed(seed);
        generator = new at::Generator(at::globalContext().defaultGenerator(at::kCPU));
    });
}

HW_EXPORT int32_t hw_grad_mode() { return c10::GradMode::is_enabled(); }

HW_EXPORT int hw_set_grad_mode(int32_t enabled) {
    return hw::guard([&] { c10::GradMode::set_enabled(enabled != 0); });
}

HW_EXPORT int hw_set_threads(int32_t count) {
    return hw::guard([&] { at::set_num_threads(count); });
}
