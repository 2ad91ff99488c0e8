// A request body under construction: every field passes the dialect, so no builder asks it twice.
#pragma once

#include "server/upstream/wire/request.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::wire {

class Body {
public:
    explicit Body(const Dialect& dialect) : dialect_{dialect} {}

    /// Not when the dialect drops `name` or `value` is null; replaced when it says so, by the field's name
    /// alone or by "name=value" for one value of it (see Dialect::replaced).
    void put(const std::string& name, Json value);
    template <class T>
    void put(const std::string& name, const std::optional<T>& value) {
        if (value) put(name, Json(*value));
    }
    /// Text of users and files: repaired where it is not UTF-8.
    void put_text(const std::string& name, std::string_view text);
    /// At most the four strings that every vendor takes; the decoder cuts at all of them anyway.
    void put_stop(const std::vector<std::string>& stop);
    void put_sampling(const Sampling& sampling);  // temperature, top_p, penalties, seed
    bool drops(const std::string& name) const { return dialect_.dropped.contains(name); }

    /// The value that the dialect sends for `name`=`value`; null: none.
    Json wanted(const std::string& name, const std::string& value) const;

    /// The finished body with `extra` laid over it, and how to read the answer: `limit` names the field
    /// that holds the output limit; `stop` and the body's own stop are cut on this side as well.
    Outgoing finish(std::string path, const Json& extra, Shape shape, std::string_view limit,
                    std::vector<std::string> stop) &&;

private:
    const Dialect& dialect_;
    Json json_ = Json::object();
};

}  // namespace dragoman::wire
