// A clock whose hands the test turns.
#pragma once

#include "server/support/clock.h"

#include <map>

namespace dragoman::test {

class FakeClock final : public Clock {
public:
    Time now() const override { return now_; }
    WallTime wall() const override { return wall_; }

    Timer after(Milliseconds delay, std::function<void()> due) override {
        const auto key = std::make_pair(now_ + delay, next_id_++);
        orders_->emplace(key, std::move(due));
        return Timer{std::make_unique<FakeOrder>(orders_, key)};
    }

    /// Lets `step` pass, calling what falls due on the way, in order; also what that orders anew.
    void advance(Milliseconds step) {
        const Time end = now_ + step;
        const WallTime wall_end = wall_ + step;
        while (!orders_->empty() && orders_->begin()->first.first <= end) {
            auto node = orders_->extract(orders_->begin());
            wall_ += std::chrono::duration_cast<WallTime::duration>(node.key().first - now_);
            now_ = node.key().first;
            node.mapped()();
        }
        now_ = end;
        wall_ = wall_end;
    }

    /// Runs what is due now (orders with zero delay).
    void settle() { advance(Milliseconds{0}); }

    void set_wall(WallTime wall) { wall_ = wall; }
    std::size_t waiting() const { return orders_->size(); }

private:
    using Key = std::pair<Time, std::uint64_t>;
    using Orders = std::map<Key, std::function<void()>>;

    struct FakeOrder final : Timer::Order {
        FakeOrder(std::shared_ptr<Orders> all, Key mine) : orders{std::move(all)}, key{mine} {}
        ~FakeOrder() override { orders->erase(key); }
        std::shared_ptr<Orders> orders;
        Key key;
    };

    std::shared_ptr<Orders> orders_ = std::make_shared<Orders>();
    Time now_{std::chrono::hours{1}};
    WallTime wall_{std::chrono::seconds{1'700'000'000}};
    std::uint64_t next_id_ = 0;
};

}  // namespace dragoman::test
