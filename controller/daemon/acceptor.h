// Acceptor: hands the connections of a listening socket on, one after the other, from a thread of
// its own, until it is destroyed.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"

#include "controller/world/descriptor.h"

namespace poolshift {

class Acceptor {
 public:
  // `listening`: a stream socket that does not block. `take` is called on the thread, with a
  // connection that does not block either and closes when a program is executed.
  using Take = std::function<void(Descriptor connection)>;
  static absl::StatusOr<std::unique_ptr<Acceptor>> Start(Descriptor listening, Take take);
  // `take` is not called any more once this returns.
  ~Acceptor();

 private:
  Acceptor(Descriptor listening, Descriptor stop_read, Descriptor stop_write, Take take);
  void Accept();
  // Whether it is over after this time, in milliseconds; -1: or when somebody connects.
  bool StopsWithin(int milliseconds);

  const Descriptor listening_, stop_read_;
  Descriptor stop_write_;
  const Take take_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace poolshift
