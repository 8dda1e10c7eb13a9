// Descriptor: an open file descriptor with one owner, closed when it goes. Not thread-safe.
#pragma once

#include <utility>

#include <unistd.h>

namespace poolshift {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) Reset(std::exchange(other.number_, -1));
    return *this;
  }
  ~Descriptor() { Reset(-1); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  // Gives the descriptor up to someone who will close it.
  int Release() { return std::exchange(number_, -1); }
  void Close() { Reset(-1); }

 private:
  void Reset(int number) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }
  int number_ = -1;
};

}  // namespace poolshift
