#include "controller/report/diagnostics_text.h"

#include <algorithm>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

std::size_t CountOf(const Diagnostics& diagnostics, Diagnostic::Severity severity) {
  return static_cast<std::size_t>(std::count_if(
      diagnostics.items().begin(), diagnostics.items().end(), [severity](const Diagnostic& item) {
        return item.severity == severity;
      }));
}

Ink InkOf(Diagnostic::Severity severity) {
  switch (severity) {
    case Diagnostic::Severity::kError:
      return Ink::kRed;
    case Diagnostic::Severity::kWarning:
      return Ink::kYellow;
    case Diagnostic::Severity::kNote:
      return Ink::kDim;
  }
  return Ink::kPlain;
}

}  // namespace

// Lines are not broken: editors read them.
std::string DiagnosticsText(const Diagnostics& diagnostics, const Style& style) {
  std::string text;
  for (const Diagnostic& item : diagnostics.items()) {
    text += Paint(SafeText(ToString(item)), InkOf(item.severity), style) + '\n';
  }
  return text;
}

std::string DiagnosticsJson(const Diagnostics& diagnostics) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["valid"] = !diagnostics.has_errors();
  json["diagnostics"] = ToJson(diagnostics);
  return JsonText(json);
}

std::string DiagnosticsCount(const Diagnostics& diagnostics) {
  std::string text;
  const auto add = [&text](std::size_t count, std::string_view noun) {
    if (count > 0) text += (text.empty() ? "" : ", ") + Count(count, noun);
  };
  add(CountOf(diagnostics, Diagnostic::Severity::kError), "error");
  add(CountOf(diagnostics, Diagnostic::Severity::kWarning), "warning");
  add(CountOf(diagnostics, Diagnostic::Severity::kNote), "note");
  return text;
}

}  // namespace poolshift
