// The daemon's new and delete: malloc and free, but that what is freed is wiped. In the daemon alone, and not
// under sanitizers, which have an allocator of their own.
#include "server/support/wiped.h"

#include <cstdlib>
#include <new>

namespace {

void* allocate(std::size_t size) {
    for (;;) {
        if (void* const block = std::malloc(size == 0 ? 1 : size)) return block;
        const std::new_handler handler = std::get_new_handler();
        if (handler == nullptr) throw std::bad_alloc{};
        handler();
    }
}

void* allocate(std::size_t size, std::align_val_t alignment) {
    const auto unit = static_cast<std::size_t>(alignment);
    if (void* const block = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return block;
    throw std::bad_alloc{};
}

}  // namespace

// The forms for arrays and for std::nothrow end in these. Not inlined: what new and delete may be taken for
// is the compiler's to know, which warns of sizes that cannot be where it sees a malloc behind them.
[[gnu::noinline]] void* operator new(std::size_t size) { return allocate(size); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, alignment);
}
[[gnu::noinline]] void operator delete(void* block) noexcept { dragoman::wiping_free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { dragoman::wiping_free(block); }
[[gnu::noinline]] void operator delete(void* block, std::align_val_t) noexcept {
    dragoman::wiping_free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    dragoman::wiping_free(block);
}
