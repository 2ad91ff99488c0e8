#include "server/store/shelf.h"

#include "server/support/log.h"

namespace dragoman::store {

Shelf::Shelf(Worker& disk, std::filesystem::path file)
    : disk_{disk}, history_{file.empty() ? nullptr : std::make_shared<History>(std::move(file))} {}
Shelf::~Shelf() = default;

/// A read that succeeds says nothing about a disk that is full.
void Shelf::heard(Access access, const std::string& trouble, const std::string& notice) {
    if (!notice.empty()) tell(notice);
    if (trouble.empty()) {
        if (access == Access::write) troubled_ = false;
    } else if (!std::exchange(troubled_, true)) {
        tell(trouble + ". Conversations and usage stay in memory until it can be used again.");
    }
}

void Shelf::tell(const std::string& what) const {
    log::warning("{}", what);
    if (on_trouble) on_trouble(what);
}

}  // namespace dragoman::store
