// The two maps whose keys the schema does not know: provider settings and references to secrets.
#include "controller/manifest/scalar.h"
#include "controller/manifest/shape.h"
#include "controller/manifest/text_check.h"
#include "controller/model/secret_ref.h"

namespace poolshift::manifest {
namespace {

// Words that YAML 1.1, YAML 1.2 and people read differently.
bool IsAmbiguousWord(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  for (const std::string_view word : {"yes", "no", "on", "off", "y", "n", "true", "false"}) {
    if (lower == word) return text != "true" && text != "false";
  }
  return false;
}

// Starts like a number: what follows must then be a plain decimal.
bool StartsLikeNumber(std::string_view text) {
  const std::size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;
  if (text.size() == sign) return false;
  const std::string_view digits = text.substr(sign);
  if (digits.substr(0, 2) == "0x" || digits.substr(0, 2) == "0o") return true;
  return digits.find_first_not_of("0123456789.eE+-_") == std::string_view::npos &&
         digits.find_first_of("0123456789") != std::string_view::npos;
}

// A number with one dot at most is a fraction; "203.0.113.1" and "2026-11-21" are texts.
bool LooksLikeNumber(std::string_view text) {
  if (!StartsLikeNumber(text)) return false;
  std::size_t dots = 0;
  for (const char letter : text)
    dots += letter == '.' ? 1U : 0U;
  return dots <= 1 && text.find('-', 1) == std::string_view::npos;
}

}  // namespace

void ShapeChecker::CheckFree(yaml::Node value, std::string_view key) {
  if (value.is_scalar()) return CheckFreeScalar(value, key);
  for (yaml::Node child = value.first(); child; child = child.next()) {
    if (!value.is_map()) {
      CheckFree(child, key);
      continue;
    }
    const std::string fault = TextFault(child.text());
    if (!fault.empty()) Error(child, fault + " in a key", "remove it");
    const std::string_view name = child.text();
    child = child.next();
    CheckFree(child, name);
  }
}

// The text is not repeated in messages: settings may hold what nobody should read.
void ShapeChecker::CheckFreeScalar(yaml::Node value, std::string_view key) {
  const std::string_view text = value.text();
  const std::string name = Quoted(key);
  if (!value.plain()) {
    // Line ends and tabs may be meant here.
    for (std::size_t at = 0; at < text.size(); ++at) {
      const unsigned char byte = static_cast<unsigned char>(text[at]);
      if (byte < 0x20 && byte != '\n' && byte != '\t') {
        return Error(value, "a control character in " + name, "remove it");
      }
    }
    return;
  }
  if (IsAmbiguousWord(text)) {
    return Error(value,
                 "the value of " + name + " can be read as a text or as true or false",
                 "write `true` or `false`, or put quotes around the text");
  }
  if (LooksLikeNumber(text) && !ReadInteger(text).ok()) {
    Error(value,
          "the value of " + name + " is no whole decimal number",
          "put quotes around it if it is a text");
  }
}

void ShapeChecker::CheckSecrets(yaml::Node value) {
  for (yaml::Node key = value.first(); key; key = key.next().next()) {
    const auto name = ReadName(key.text());
    if (!name.ok()) {
      Error(key, "a name in `secrets` is not a name", "use letters, digits and inner hyphens");
      continue;
    }
    const yaml::Node reference = key.next();
    const std::string owner = "secret " + Quoted(key.text());
    if (!reference.is_scalar()) {
      Error(key, owner + " must be one reference", "write `file:/absolute/path` or `env:VARIABLE`");
      continue;
    }
    if (TextFault(reference.text()).empty() && SecretRef::Parse(reference.text()).ok()) continue;
    Error(reference,
          owner + " is not a reference (its text is not repeated here)",
          "keep the secret outside and write `file:/absolute/path` or `env:UPPER_CASE_NAME`");
  }
}

}  // namespace poolshift::manifest
