// Memory that is zeroed before it is given back.
//
// A key passes through more hands than ours: the frame and the JSON that an editor hands it over in, a
// program's output, the headers that libcurl keeps. Whoever frees such a block cannot know what stood in it,
// so all of them are wiped on the way out: WipedBytes for what is known to be a key, the functions for
// everybody else.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

namespace dragoman {

template <class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() = default;
    template <class U>
    // NOLINTNEXTLINE(google-explicit-constructor): allocators convert
    WipingAllocator(const WipingAllocator<U>&) {}

    T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* memory, std::size_t count) {
        ::explicit_bzero(memory, count * sizeof(T));
        std::allocator<T>{}.deallocate(memory, count);
    }
    friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// No string: a short one lives in the object itself, where nobody wipes it.
using WipedBytes = std::vector<char, WipingAllocator<char>>;

/// free(3) and realloc(3) for blocks of malloc(3). Blocks above 1 MiB are given back as they are: documents
/// are that large, and nothing that holds a key. Any thread.
void wiping_free(void* block) noexcept;
void* wiping_realloc(void* block, std::size_t size) noexcept;

}  // namespace dragoman
