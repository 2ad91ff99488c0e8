// Server-sent events out of bytes that arrive in any pieces: the framing of the WHATWG HTML standard.
//
// Lines end with LF, CR or CRLF, also when the two bytes come in different pieces; one leading BOM is
// dropped; `event` and `data` are kept, `id`, `retry` and comments are not. Every byte is looked at once,
// and a line or event that grows past its limit ends the reading. What a gateway does beside the standard
// (lines that are no field, several answers in one event) is handed to the sink, which knows the API.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dragoman::wire {

class SseSink {
public:
    /// `type` is "message" where the stream gave none; `data` holds its lines joined with LF.
    virtual void on_event(std::string_view type, std::string_view data) = 0;
    /// A second data line follows `data` in the same event. True: taken as an event of its own.
    virtual bool on_data_continues(std::string_view type, std::string_view data) = 0;
    /// A line whose field name is not in the standard, as it stands.
    virtual void on_stray_line(std::string_view line) = 0;
    /// The bytes ended before the blank line that this event needs; the standard drops it.
    virtual void on_unterminated(std::string_view type, std::string_view data) = 0;

protected:
    ~SseSink() = default;
};

class SseParser {
public:
    struct Limits {
        std::size_t line = 32U << 20U;
        std::size_t event = 64U << 20U;
    };

    SseParser() = default;
    explicit SseParser(Limits limits) : limits_{limits} {}

    /// False when a limit is passed; nothing more is read then.
    bool feed(std::string_view bytes, SseSink& sink);
    /// End of the bytes: a last line without its end, then an event without its blank line.
    bool finish(SseSink& sink);
    /// No more calls to the sink, also from within one.
    void stop() { stopped_ = true; }

private:
    bool skip_bom(std::string_view& bytes);
    void take_line(std::string_view line, SseSink& sink);
    void take_data(std::string_view value, SseSink& sink);
    void dispatch(SseSink& sink);
    std::string_view type() const;

    Limits limits_{};
    std::string line_;   // the unfinished line
    std::string data_;   // the data lines of the event, each with its LF
    std::string event_;  // its name
    std::size_t data_lines_ = 0;
    std::size_t bom_ = 0;  // bytes of a leading BOM seen; kBomDone once the start is behind us
    bool after_cr_ = false;
    bool stopped_ = false;
    bool over_ = false;
};

}  // namespace dragoman::wire
