// What gateways taught us by refusing: which API they speak, which fields a model does not take, which
// fill routes it lacks. Kept for a day; in a file too, once there is one, so that it survives a restart
// and other editors' daemons need not learn it again.
//
// The file is a convenience: one that is missing, broken or cannot be written costs nothing but memory.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"
#include "server/support/files.h"
#include "server/support/worker.h"
#include "server/upstream/gateway/facts.h"
#include "server/upstream/wire/request.h"

#include <memory>
#include <optional>
#include <string>

namespace dragoman::gateway {

/// `base` is a normalised base URL throughout. Loop thread; `clock` outlives it.
class Learned {
public:
    explicit Learned(Clock& clock) : clock_{clock} {}

    /// From now on `file` (private to its owner) is read at the first use and written, by `worker`, some
    /// seconds after what is learned. `files` is used by the worker too and outlives it.
    void keep_in(Files& files, Worker& worker, std::filesystem::path file);

    /// Chat or responses, once a gateway answered one after refusing the other.
    std::optional<config::Api> api(const std::string& base);
    void keep_api(const std::string& base, config::Api api);

    /// What was learned, else what the model's name tells.
    wire::Dialect dialect(const std::string& base, const std::string& model);
    void keep_dialect(const std::string& base, const std::string& model, wire::Dialect dialect);

    bool refused(const std::string& base, const std::string& model, const std::string& route);
    void refuse(const std::string& base, const std::string& model, const std::string& route);

private:
    struct Place {
        Files& files;
        Worker& worker;
        std::filesystem::path file;
    };

    void read_once();
    void write_soon();
    void write();
    void on_written(Facts facts, bool written);

    Clock& clock_;
    Facts facts_;
    std::optional<Place> place_;
    bool read_ = false;
    bool changed_ = false;  // since the last writing began
    bool complained_ = false;
    std::optional<Clock::Time> wrote_;
    Timer timer_;
    std::unique_ptr<Worker::Task> writing_;
};

/// In words, for the trail: "temperature left out", "max_tokens sent as max_completion_tokens".
std::string describe_change(const wire::Dialect& before, const wire::Dialect& after);

/// The change would leave out what the request is about, so the answer would be to another question.
bool loses_the_question(const wire::Dialect& before, const wire::Dialect& after);

}  // namespace dragoman::gateway
