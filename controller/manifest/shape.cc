#include "controller/manifest/shape.h"

#include <algorithm>
#include <set>

#include "controller/federation/kinds.h"
#include "controller/manifest/scalar.h"
#include "controller/manifest/signer_scalar.h"
#include "controller/manifest/text_check.h"
#include "controller/model/secret_ref.h"

namespace poolshift::manifest {
namespace {

using Type = Field::Type;

std::string Code(std::string_view word) { return '`' + std::string(word) + '`'; }

// What a list or map is called where a scalar was wanted.
std::string_view ShapeName(yaml::Node node) {
  if (node.is_list()) return "a list";
  return node.is_map() ? "a map" : "one value";
}

const Field* FindField(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::vector<std::string> Names(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields)
    names.emplace_back(field.name);
  return names;
}

std::vector<std::string> Strings(const std::vector<std::string_view>& words) {
  return {words.begin(), words.end()};
}

}  // namespace

std::string DidYouMean(std::string_view word,
                       const std::vector<std::string>& candidates,
                       std::string otherwise) {
  const std::string closest = ClosestName(word, candidates);
  return closest.empty() ? otherwise : "did you mean " + Code(closest) + "?";
}

std::string AnyOf(const std::vector<std::string_view>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? ' ' + std::string(last) + ' ' : std::string(", ");
    text += Code(words[i]);
  }
  return text;
}

// The word of the sibling that makes the field foreign to this map; "" when nothing does.
std::string_view ForeignWord(yaml::Node map, const Field& field) {
  if (field.foreign_key.empty()) return "";
  const yaml::Node sibling = map.Find(field.foreign_key);
  const auto is_foreign = [&](yaml::Node word) {
    return word.is_scalar() &&
           std::count(field.foreign_to.begin(), field.foreign_to.end(), word.text()) > 0;
  };
  if (!sibling) return "";
  if (!sibling.is_list()) return is_foreign(sibling) ? sibling.text() : "";
  for (yaml::Node item = sibling.first(); item; item = item.next()) {
    if (is_foreign(item)) return item.text();
  }
  return "";
}

void ShapeChecker::Error(yaml::Node at, std::string message, std::string hint) {
  diagnostics_.Error({file_, at.line(), at.column()}, std::move(message), std::move(hint));
}

void ShapeChecker::CheckRecord(yaml::Node map,
                               const std::vector<Field>& fields,
                               const std::string& owner,
                               yaml::Node from) {
  for (yaml::Node key = map.first(); key; key = key.next().next()) {
    const Field* field = FindField(fields, key.text());
    if (field != nullptr) {
      const yaml::Node value = key.next();
      if (value.is_null()) {
        Error(key, Code(field->name) + " has no value", "give it one, or remove the key");
      } else {
        CheckField(value, *field);
      }
      const std::string_view foreign = ForeignWord(map, *field);
      if (!foreign.empty()) {
        Error(key,
              Code(field->name) + " means nothing where " + Code(field->foreign_key) + " is " +
                  Code(foreign),
              "remove it");
      }
      continue;
    }
    const std::vector<std::string> names = Names(fields);
    std::vector<std::string_view> words(names.begin(), names.end());
    const std::string known = words.empty() ? "it has no keys" : "it knows " + AnyOf(words, "and");
    Error(key,
          "unknown key " + Quoted(key.text()) + " in " + owner,
          DidYouMean(key.text(), names, known));
  }
  for (const Field& field : fields) {
    if (field.required && !map.Find(field.name) && ForeignWord(map, field).empty()) {
      Error(from, owner + " lacks " + Code(field.name), std::string(field.meaning));
    }
  }
}

void ShapeChecker::CheckField(yaml::Node value, const Field& field) {
  if (!field.list && !(field.one_or_list && value.is_list())) return CheckItem(value, field);
  if (!value.is_list()) {
    return Error(value,
                 Code(field.name) + " must be a list, not " + std::string(ShapeName(value)),
                 "put it in brackets: `[…]`");
  }
  if ((field.required || field.one_or_list) && !value.first()) {
    return Error(value, Code(field.name) + " must not be empty", std::string(field.meaning));
  }
  std::set<std::string_view> seen;
  for (yaml::Node item = value.first(); item; item = item.next()) {
    if (item.is_null()) {
      Error(item, "an empty entry in " + Code(field.name), "give it a value, or remove it");
      continue;
    }
    CheckItem(item, field);
    if (!field.lines && item.is_scalar() && !seen.insert(item.text()).second) {
      Error(item, Quoted(item.text()) + " is listed twice in " + Code(field.name), "remove one");
    }
  }
}

void ShapeChecker::CheckItem(yaml::Node value, const Field& field) {
  const bool wants_map =
      field.type == Type::kRecord || field.type == Type::kFree || field.type == Type::kSecrets;
  if (!wants_map) return CheckScalar(value, field);
  const std::string name = field.list ? "an entry of " + Code(field.name) : Code(field.name);
  if (!value.is_map()) {
    return Error(value,
                 name + " must be a map, not " + std::string(ShapeName(value)),
                 "write `key: value` pairs below it");
  }
  if (field.type == Type::kFree) return CheckFree(value, field.name);
  if (field.type == Type::kSecrets) return CheckSecrets(value);
  CheckRecord(value, field.fields, name, value);
}

void ShapeChecker::CheckScalar(yaml::Node value, const Field& field) {
  if (!value.is_scalar()) {
    return Error(value,
                 Code(field.name) + " must be one value, not " + std::string(ShapeName(value)));
  }
  // A key block has lines; its own reader looks at every letter.
  const std::string fault =
      field.type == Type::kOpenPgpKey ? std::string() : TextFault(value.text());
  if (!fault.empty()) return Error(value, fault + " in " + Code(field.name), "remove it");
  if (value.text().empty()) {
    return Error(value, Code(field.name) + " is empty", "give it a value, or remove the key");
  }
  CheckTyped(value, field);
}

void ShapeChecker::CheckTyped(yaml::Node value, const Field& field) {
  absl::Status status;
  switch (field.type) {
    case Type::kName:
      status = ReadName(value.text()).status();
      break;
    case Type::kSiteName:
      status = ReadSiteName(value.text()).status();
      break;
    case Type::kDnsName:
      status = ReadDnsName(value.text()).status();
      break;
    case Type::kAddress:
      status = ReadAddress(value.text()).status();
      break;
    case Type::kTimeOfDay:
      status = ReadTimeOfDay(value.text()).status();
      break;
    case Type::kCalendarTime:
      status = ReadCalendarTime(value.text()).status();
      break;
    case Type::kSshKey:
      status = ReadSshKey(value.text()).status();
      break;
    case Type::kOpenPgpKey:
      status = ReadOpenPgpKey(value.text()).status();
      break;
    case Type::kDay:
      status = ReadDay(value.text()).status();
      break;
    case Type::kPathPattern:
      status = ReadPathPattern(value.text()).status();
      break;
    case Type::kBoolean:
      if (value.plain() && (value.text() == "true" || value.text() == "false")) return;
      return Error(value,
                   Code(field.name) + " must be true or false, not " + Quoted(value.text()),
                   value.plain() ? "" : "remove the quotes");
    case Type::kInteger:
      return CheckInteger(value, field);
    case Type::kDuration: {
      const auto seconds = ReadDuration(value.text());
      if (seconds.ok()) return CheckRange(value, field, *seconds);
      status = seconds.status();
      break;
    }
    case Type::kChoice:
      return CheckChoice(value, field);
    case Type::kProviderType:
      return CheckProviderType(value);
    case Type::kResourceKind:
      return CheckResourceKind(value);
    default:
      return;
  }
  if (!status.ok()) Error(value, std::string(status.message()));
}

void ShapeChecker::CheckInteger(yaml::Node value, const Field& field) {
  if (!value.plain()) {
    return Error(value, Code(field.name) + " must be a number, not text", "remove the quotes");
  }
  const auto number = ReadInteger(value.text());
  if (!number.ok()) return Error(value, std::string(number.status().message()));
  CheckRange(value, field, *number);
}

void ShapeChecker::CheckRange(yaml::Node value, const Field& field, std::int64_t number) {
  if (number >= field.minimum && number <= field.maximum) return;
  Error(value,
        Code(field.name) + " is out of range: " + Quoted(value.text()),
        "from " + std::to_string(field.minimum) + " to " + std::to_string(field.maximum) +
            (field.type == Type::kDuration ? " seconds" : ""));
}

void ShapeChecker::CheckChoice(yaml::Node value, const Field& field) {
  for (const std::string_view choice : field.choices) {
    if (value.text() == choice) return;
  }
  Error(value,
        Code(field.name) + " cannot be " + Quoted(value.text()),
        DidYouMean(value.text(), Strings(field.choices), "write " + AnyOf(field.choices)));
}

void ShapeChecker::CheckProviderType(yaml::Node value) {
  const std::string_view text = value.text();
  if (text.find_first_of("/.\\") != std::string_view::npos) {
    return Error(
        value,
        Quoted(text) + " looks like a path",
        "a provider is named by its type, such as `sim`; its program is found in the plugin "
        "folder (`--plugin-dir`)");
  }
  const auto name = ReadName(text);
  if (!name.ok()) Error(value, std::string(name.status().message()));
}

void ShapeChecker::CheckResourceKind(yaml::Node value) {
  if (value.text() == "*" || kinds::FindKindSchema(value.text()) != nullptr) return;
  std::vector<std::string> names;
  for (const KindSchema& schema : kinds::KindSchemas())
    names.push_back(schema.kind);
  Error(value,
        Quoted(value.text()) + " is no kind of resource",
        DidYouMean(value.text(), names, "docs/kinds.md lists them"));
}

}  // namespace poolshift::manifest
