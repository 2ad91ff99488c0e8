#include "server/support/wiped.h"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>

namespace dragoman {
namespace {

constexpr std::size_t kLargest = 1U << 20U;

}  // namespace

void wiping_free(void* block) noexcept {
    if (block == nullptr) return;
    const std::size_t size = ::malloc_usable_size(block);
    if (size <= kLargest) ::explicit_bzero(block, size);
    std::free(block);
}

void* wiping_realloc(void* block, std::size_t size) noexcept {
    const std::size_t old = block == nullptr ? 0 : ::malloc_usable_size(block);
    if (old > kLargest) return std::realloc(block, size);
    void* const moved = std::malloc(std::max<std::size_t>(size, 1));
    if (moved == nullptr) return nullptr;
    if (old > 0) std::memcpy(moved, block, std::min(old, size));
    wiping_free(block);
    return moved;
}

}  // namespace dragoman
