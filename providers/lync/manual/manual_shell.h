// A machine that no program may reach: a person carries what is to be run there, and what it said.
//
// For each machine one request with all looks that somebody waits for, `MACHINE.look.ps1`, and one
// for a change, `MACHINE.change-SCRIPT-DIGEST.ps1`, which looks again at once when it has been
// carried out. Their answers are `….answer.txt` beside them.
//
// An answer is believed when it carries the digest of machine, number, script and arguments, and is
// whole. To a look it must also be young enough: it is as old as it says itself, but was made
// neither before its request was written nor after it appeared here. Whatever is sent out as a
// change takes the number of the looks before it away, so that none of them can be answered by what
// was seen earlier.
//
// One change at a time is sent out for a machine, by whatever process; one that may have been run
// stays in the way of others until it is answered, or its request is deleted by a person who knows
// that it was not.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "providers/lync/manual/answer_file.h"
#include "providers/lync/manual/folder.h"
#include "providers/lync/manual/request.h"
#include "providers/lync/shell/shell.h"

namespace poolshift::lync::manual {

struct Target {
  std::string name;    // of the machine; part of file names
  std::string folder;  // absolute
  absl::Duration answers_hold_for = absl::Minutes(10);
  absl::Duration changes_hold_for = absl::Minutes(10);  // for so long a change may be begun
  absl::Duration look_waits = absl::Seconds(1);
};

class ManualShell final : public Shell {
 public:
  explicit ManualShell(Target target);

  const std::string& name() const override { return target_.name; }
  std::string transport() const override { return "a person's hands (" + target_.folder + ')'; }
  absl::StatusOr<ShellOutput> Do(const Errand& errand) override;
  bool by_hand() const override { return true; }
  void Outdate() override;
  std::optional<Recalled> Recall(std::string_view key) override;

 private:
  // What one glance into the folder brought: an answer, or why there is none yet.
  struct Glance {
    std::optional<ShellOutput> output;
    std::string why;
    bool asked_anew = false;
  };
  // What follows when there is no answer: it may come, or must be asked for anew.
  enum class Next { kWait, kAskAgain, kAskForAll };

  absl::StatusOr<ShellOutput> Look(const Errand& errand);
  absl::StatusOr<Glance> GlanceAtLook(const Errand& errand, absl::Time begun);
  Next JudgeLook(const Request& open, const Part& part, absl::Time begun, Glance& glance) const;
  std::optional<Request> ReadLook() const;
  absl::Status WriteLook(const Request& request);
  absl::Status ForgetLooks();
  Request Fresh() const;

  absl::StatusOr<ShellOutput> Change(const Errand& errand);
  absl::Status Send(const Errand& errand, const std::string& base);
  absl::Status ClearTheWay(const std::string& base);
  absl::StatusOr<ShellOutput> AwaitChange(const Errand& errand, const std::string& base);
  // NotFound: there is no such request any more.
  absl::StatusOr<Glance> GlanceAtChange(const std::string& base);
  absl::StatusOr<Request> ReadChange(const std::string& base) const;
  absl::Status TakeUp(const std::string& base, const Request& request, std::string_view answer);
  void Withdraw(const std::string& base);
  absl::StatusOr<std::vector<std::string>> OpenChanges();

  // The whole reply to `part` among the answers in `name`; else nothing, and why.
  std::optional<Reply> Find(const std::string& name,
                            const Part& part,
                            Folder::Content& content,
                            std::string& why) const;
  std::string Ask(const std::string& base) const;
  // Of a change that may have been run.
  std::string WhatToDo(const std::string& base) const;

  const Target target_;
  Folder folder_;
  const std::string look_;     // base of the looks' request
  std::timed_mutex changing_;  // one change at a time
};

}  // namespace poolshift::lync::manual
