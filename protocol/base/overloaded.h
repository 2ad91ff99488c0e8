// Several functions as one visitor of a variant.
#pragma once

namespace dragoman {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace dragoman
