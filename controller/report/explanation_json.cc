#include <algorithm>
#include <utility>

#include "controller/report/explanation.h"
#include "controller/report/explanation_lead.h"
#include "controller/report/json_text.h"

namespace poolshift {
namespace {

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The first line names what is explained.
Json FactOf(std::string_view line, const Json& facts) {
  const bool is_fact = !facts.empty() && line.starts_with("  ") && line.size() > kExplanationLead;
  std::string label(Trimmed(is_fact ? line.substr(0, kExplanationLead) : std::string_view()));
  // What goes on under a label is said of the same.
  if (is_fact && label.empty()) label = facts.back()["label"].get<std::string>();
  Json fact = Json::object();
  fact["label"] = std::move(label);
  fact["text"] = std::string(Trimmed(is_fact ? line.substr(kExplanationLead) : line));
  return fact;
}

}  // namespace

std::string ExplanationJson(const std::string& asked, std::string_view text) {
  Json facts = Json::array();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) facts.push_back(FactOf(text.substr(0, end), facts));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["asked"] = asked;
  json["facts"] = std::move(facts);
  return JsonText(json);
}

}  // namespace poolshift
