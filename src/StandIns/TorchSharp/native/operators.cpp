// One door to all of ATen: an operator is found by name in libtorch's own dispatcher and called with boxed
// arguments, so the shim needs no function per operator and compiles unchanged against any libtorch. The
// dispatcher checks number and types of the arguments against the operator's schema; missing trailing
// arguments take the schema's defaults. What it does not check, and would follow out of its tables or buffers,
// is checked here.
#include "guard.h"

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/jit_type.h>

#include <algorithm>
#include <string>

namespace {

// Mirrored by Interop/Argument.cs.
enum class Kind : int32_t { None, Tensor, Int, Float, Bool, Ints, Device, Generator };

struct Value {
    Kind kind;
    int32_t length;  // elements of a list; the index of a device
    union {
        int64_t integer;
        double number;
        void* pointer;
    };
};

c10::List<int64_t> ints(const Value& value) {
    TORCH_CHECK(value.length >= 0 && (value.length == 0 || value.pointer != nullptr), "a list argument is null");
    const auto* first = static_cast<const int64_t*>(value.pointer);
    c10::List<int64_t> list;
    list.reserve(static_cast<size_t>(value.length));
    std::for_each(first, first + value.length, [&](int64_t element) { list.push_back(element); });
    return list;
}

c10::IValue to_ivalue(const Value& value) {
    switch (value.kind) {
        case Kind::None:
            return {};
        case Kind::Tensor:
            return hw::required(static_cast<Handle>(value.pointer));
        case Kind::Int:
            return value.integer;
        case Kind::Float:
            return value.number;
        case Kind::Bool:
            return value.integer != 0;
        case Kind::Ints:
            return ints(value);
        case Kind::Device:
            return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
        case Kind::Generator:
            TORCH_CHECK(value.pointer != nullptr, "the generator is null");
            return *static_cast<at::Generator*>(value.pointer);
    }
    TORCH_CHECK(false, "unknown kind of argument ", static_cast<int32_t>(value.kind));
}

// Number of values of an enumeration that the dispatcher takes as any int, or 0 for every other type.
int64_t options(const c10::Type& type) {
    switch (type.kind()) {
        case c10::TypeKind::OptionalType:
            return options(*type.containedType(0));
        case c10::TypeKind::ScalarTypeType:
            return static_cast<int64_t>(c10::ScalarType::NumOptions);
        case c10::TypeKind::LayoutType:
            return static_cast<int64_t>(c10::Layout::NumOptions);
        case c10::TypeKind::MemoryFormatType:
            return static_cast<int64_t>(c10::MemoryFormat::NumOptions);
        default:
            return 0;
    }
}

// libtorch narrows enumerations to a byte and indexes tables with them, unchecked in release builds: a dtype of -1
// reads an element size from beyond the table of types, and a tensor of that size is made and filled.
void check_enumeration(const c10::Argument& expected, const Value& value) {
    if (value.kind != Kind::Int) return;
    const int64_t count = options(*expected.real_type());
    TORCH_CHECK(count == 0 || (value.integer >= 0 && value.integer < count), "the argument ", expected.name(), " is ",
                value.integer, ", but ", expected.real_type()->str(), " has the values 0 to ", count - 1);
}

}  // namespace

// Finds an ATen operator by name ("conv2d") and overload ("" or "Tensor"); the handle lives as long as the process.
HW_EXPORT int hw_operator_find(const char* name, const char* overload, const c10::OperatorHandle** found) {
    return hw::guard([&] {
        TORCH_CHECK(name != nullptr && overload != nullptr, "the operator's name is null");
        auto handle = c10::Dispatcher::singleton().findSchema({std::string("aten::") + name, overload});
        TORCH_CHECK(handle.has_value(), "this libtorch has no operator aten::", name, ".", overload);
        hw::out(found) = new c10::OperatorHandle(*handle);
    });
}

// Calls an operator that returns one tensor.
HW_EXPORT int hw_operator_call(const c10::OperatorHandle* op, const Value* arguments, int32_t count, Handle* result) {
    return hw::guard([&] {
        TORCH_CHECK(op != nullptr, "the operator is null");
        Handle& place = hw::out(result);
        const auto& expected = op->schema().arguments();
        TORCH_CHECK(count >= 0 && static_cast<size_t>(count) <= expected.size() && (count == 0 || arguments != nullptr),
                    op->schema().name(), " takes ", expected.size(), " arguments, not ", count);
        torch::jit::Stack stack;
        stack.reserve(expected.size());
        for (size_t i = 0; i < expected.size(); i++) {
            if (i < static_cast<size_t>(count)) {
                check_enumeration(expected[i], arguments[i]);
                stack.push_back(to_ivalue(arguments[i]));
            } else {
                TORCH_CHECK(expected[i].default_value().has_value(), op->schema().name(), ": the argument ",
                            expected[i].name(), " is missing");
                stack.push_back(*expected[i].default_value());
            }
        }
        op->callBoxed(stack);
        TORCH_CHECK(stack.size() == 1 && stack[0].isTensor(), op->schema().name(), " does not return one tensor");
        place = hw::release(std::move(stack[0]).toTensor());
    });
}
