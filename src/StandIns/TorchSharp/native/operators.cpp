// One door to all of ATen: an operator is found by name in libtorch's own dispatcher and called with boxed
// arguments, so the shim needs no function per operator and compiles unchanged against any libtorch. The
// dispatcher checks number and types of the arguments against the operator's schema; missing trailing
// arguments take the schema's defaults.
#include "guard.h"

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <string>

namespace {

// Mirrored by Interop/Argument.cs.
enum class Kind : int32_t { None, Tensor, Int, Float, Bool, Ints, Floats, Tensors, MaybeTensors, Device, Generator };

struct Value {
    Kind kind;
    int32_t length;  // elements of a list; the index of a device
    union {
        int64_t integer;
        double number;
        void* pointer;
    };
};

using MaybeTensor = decltype(std::declval<c10::IValue>().toOptional<at::Tensor>());

template <class Element, class Source, class Convert>
c10::List<Element> list_of(const Value& value, Convert convert) {
    TORCH_CHECK(value.length >= 0 && (value.length == 0 || value.pointer != nullptr), "a list argument is null");
    c10::List<Element> list;
    list.reserve(static_cast<size_t>(value.length));
    const auto* source = static_cast<const Source*>(value.pointer);
    for (int32_t i = 0; i < value.length; i++) {
        list.push_back(convert(source[i]));
    }
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
            return list_of<int64_t, int64_t>(value, [](int64_t element) { return element; });
        case Kind::Floats:
            return list_of<double, double>(value, [](double element) { return element; });
        case Kind::Tensors:
            return list_of<at::Tensor, Handle>(value, [](Handle element) { return hw::required(element); });
        case Kind::MaybeTensors:
            return list_of<MaybeTensor, Handle>(value, [](Handle element) {
                return element == nullptr ? MaybeTensor() : MaybeTensor(hw::borrow(element));
            });
        case Kind::Device:
            return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
        case Kind::Generator:
            TORCH_CHECK(value.pointer != nullptr, "the generator is null");
            return *static_cast<at::Generator*>(value.pointer);
    }
    TORCH_CHECK(false, "unknown kind of argument ", static_cast<int32_t>(value.kind));
}

void append(std::vector<Value>& results, const c10::IValue& value) {
    Value result{Kind::None, 0, {0}};
    if (value.isTensor()) {
        result.kind = Kind::Tensor;
        result.pointer = value.toTensor().defined() ? value.toTensor().unsafeGetTensorImpl() : nullptr;
    } else if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector()) {
            append(results, tensor);
        }
        return;
    } else if (value.isDouble()) {
        result.kind = Kind::Float;
        result.number = value.toDouble();
    } else if (value.isInt()) {
        result.kind = Kind::Int;
        result.integer = value.toInt();
    } else if (value.isBool()) {
        result.kind = Kind::Bool;
        result.integer = value.toBool() ? 1 : 0;
    } else {
        TORCH_CHECK(false, "an operator returned a ", value.tagKind(), ", which the shim does not know");
    }
    results.push_back(result);
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

// Calls an operator. Tensors of a returned list follow one another in results.
HW_EXPORT int hw_operator_call(const c10::OperatorHandle* op, const Value* arguments, int32_t count, Value* results,
                               int32_t capacity, int32_t* produced) {
    return hw::guard([&] {
        TORCH_CHECK(op != nullptr, "the operator is null");
        TORCH_CHECK(count == 0 || arguments != nullptr, "the arguments are null");
        const auto& expected = op->schema().arguments();
        TORCH_CHECK(count >= 0 && static_cast<size_t>(count) <= expected.size(), op->schema().name(), " takes ",
                    expected.size(), " arguments, not ", count);
        torch::jit::Stack stack;
        stack.reserve(expected.size());
        for (size_t i = 0; i < expected.size(); i++) {
            if (i < static_cast<size_t>(count)) {
                stack.push_back(to_ivalue(arguments[i]));
            } else {
                TORCH_CHECK(expected[i].default_value().has_value(), op->schema().name(), ": the argument ",
                            expected[i].name(), " is missing");
                stack.push_back(*expected[i].default_value());
            }
        }
        op->callBoxed(stack);

        // The stack holds the references until all results are known to fit; then each gets one of its own.
        std::vector<Value> values;
        for (const c10::IValue& value : stack) {
            append(values, value);
        }
        TORCH_CHECK(values.size() <= static_cast<size_t>(capacity) && (values.empty() || results != nullptr),
                    op->schema().name(), " returned ", values.size(), " values, but there is room for ", capacity);
        hw::out(produced) = static_cast<int32_t>(values.size());
        for (size_t i = 0; i < values.size(); i++) {
            if (values[i].kind == Kind::Tensor) {
                values[i].pointer = hw::release(hw::borrow(static_cast<Handle>(values[i].pointer)));
            }
            results[i] = values[i];
        }
    });
}
