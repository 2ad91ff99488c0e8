// The one connection to the file: opened when first needed, opened anew after trouble. Private to the room.
#pragma once

#include "server/store/history.h"
#include "server/store/schema.h"

#include <optional>
#include <utility>

namespace dragoman::store {

class Connection {
public:
    Connection(std::filesystem::path file, int patience_ms, bool full_text)
        : file_{std::move(file)}, patience_ms_{patience_ms}, full_text_{full_text} {}

    /// Does `work` with the database. A damaged file is moved aside and the work done with a new one.
    template <class T, class Work>
    OrTrouble<T> attempt(Work work) {
        for (bool again = false;; again = true) {
            try {
                return T{work(database())};
            } catch (const DatabaseError& error) {
                database_.reset();
                if (error.damaged() && !again && move_aside()) continue;
                return OrTrouble<T>::failure(explain(error));
            } catch (const Unusable& error) {
                database_.reset();
                return OrTrouble<T>::failure("the history in " + file_.string() + " " + error.what());
            }
        }
    }

    /// The same for work that finds nothing in an empty file: where there is none, none is made.
    template <class T, class Work>
    OrTrouble<T> look(T nothing, Work work) {
        if (!identity()) return nothing;
        return attempt<T>(std::move(work));
    }

    /// There is no file, and nothing keeps one from being looked for: what is in it is known to be nothing.
    bool absent() const;

    /// Prompts and answers are in a full-text index. Inside attempt().
    bool indexed() const { return indexed_; }
    std::string take_notice() { return std::exchange(notice_, {}); }

private:
    /// Which file stands under the name; that of a connection may have been moved or deleted.
    struct Identity {
        std::uint64_t device = 0, inode = 0;
        friend bool operator==(const Identity&, const Identity&) = default;
    };
    std::optional<Identity> identity() const;
    Database& database();
    void make_folder() const;
    /// Throws Unusable for what belongs to another user; what others may read becomes the user's alone.
    void claim(const std::filesystem::path& path) const;
    bool move_aside();
    bool damaged() const;
    std::string explain(const DatabaseError& error) const;

    const std::filesystem::path file_;
    const int patience_ms_;
    const bool full_text_;
    std::optional<Database> database_;
    std::optional<Identity> opened_;
    std::int64_t version_ = 0;
    bool indexed_ = false;
    std::string notice_;
};

}  // namespace dragoman::store
