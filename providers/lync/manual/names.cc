#include "providers/lync/manual/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"

#include "controller/model/digest.h"

namespace poolshift::lync::manual {
namespace {

constexpr std::string_view kRequest = ".ps1", kAnswer = ".answer.txt",
                           kWithdrawn = ".ps1.withdrawn";
constexpr std::size_t kDigits = 12;

std::string Join(std::string_view a, std::string_view b) { return std::string(a) + std::string(b); }

std::string ChangePrefix(std::string_view machine) { return Join(machine, ".change-"); }

}  // namespace

bool IsPlain(std::string_view machine) {
  return !machine.empty() && machine.front() != '.' && machine.front() != '-' &&
         std::ranges::all_of(machine, [](char letter) {
           return absl::ascii_isalnum(static_cast<unsigned char>(letter)) || letter == '.' ||
                  letter == '-' || letter == '_';
         });
}

std::string LookBase(std::string_view machine) { return Join(machine, ".look"); }

std::string ChangeBase(std::string_view machine, const Errand& errand) {
  const std::string identity = errand.key + '\n' + CanonicalText(errand.arguments);
  return ChangePrefix(machine) + std::string(errand.script) + '-' +
         Digest(identity).substr(0, kDigits);
}

std::string RequestName(std::string_view base) { return Join(base, kRequest); }
std::string AnswerName(std::string_view base) { return Join(base, kAnswer); }
std::string WithdrawnName(std::string_view base) { return Join(base, kWithdrawn); }

std::optional<std::string> BaseOfChange(std::string_view machine, std::string_view name) {
  if (!name.starts_with(ChangePrefix(machine))) return std::nullopt;
  for (const std::string_view ending : {kRequest, kWithdrawn}) {
    if (name.ends_with(ending)) return std::string(name.substr(0, name.size() - ending.size()));
  }
  return std::nullopt;
}

}  // namespace poolshift::lync::manual
