// A value, or the reason why there is none.
//
// The compiler this project builds with has no std::expected. This keeps the part of it that is
// used here: construct from either, ask, take. Reading the side that is not there is a bug and
// ends the process through std::variant's own check. Where value and error have one type, a plain
// one is the value and failure() makes the error.
#pragma once

#include "protocol/base/error.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace dragoman {

template <class T, class E = Error>
class [[nodiscard]] Result {
public:
    Result(T value) : held_{std::in_place_index<0>, std::move(value)} {}
    Result(E error) requires(!std::is_same_v<T, E>) : held_{std::in_place_index<1>, std::move(error)} {}

    static Result failure(E error) { return Result{std::in_place_index<1>, std::move(error)}; }

    bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & { return std::get<0>(held_); }
    const T& value() const& { return std::get<0>(held_); }
    T&& value() && { return std::get<0>(std::move(held_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    E& error() & { return std::get<1>(held_); }
    const E& error() const& { return std::get<1>(held_); }
    E&& error() && { return std::get<1>(std::move(held_)); }

private:
    template <std::size_t I, class V>
    Result(std::in_place_index_t<I> side, V value) : held_{side, std::move(value)} {}

    std::variant<T, E> held_;
};

}  // namespace dragoman
