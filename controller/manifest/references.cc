#include "controller/manifest/references.h"

#include <algorithm>

#include "controller/manifest/read_field.h"
#include "controller/manifest/scalar.h"
#include "controller/manifest/shape.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {

namespace {

// "FrontEndPool or Director".
std::string KindNames(const std::vector<std::string_view>& kinds) {
  std::string names;
  for (const std::string_view kind : kinds)
    names += (names.empty() ? "" : " or ") + std::string(kind);
  return names;
}

// Which name of a pool `text` is. Of a pool of one machine both may be the same.
std::string_view NameOf(const Document& pool, std::string_view text) {
  const yaml::Node own = pool.At(pool.table->kind == kEdgePool ? "internalFqdn" : "fqdn");
  return ReadDnsName(text).value_or("") == DnsName(own) ? "the internal name" : "a server";
}

}  // namespace

const Field* FieldAt(const KindTable& table, std::string_view path) {
  const std::vector<Field>* fields = &table.fields;
  const Field* field = nullptr;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string_view name = path.substr(0, dot);
    const auto found = std::find_if(
        fields->begin(), fields->end(), [&](const Field& row) { return row.name == name; });
    if (found == fields->end()) return nullptr;
    field = &*found;
    fields = &field->fields;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return field;
}

void ReferenceChecker::Check(const Document& document) {
  document_ = &document;
  if (document.spec) CheckFields(document.spec, document.table->fields);
}

void ReferenceChecker::CheckFields(yaml::Node map, const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    const bool refers = field.type == Field::Type::kReference;
    if (!refers && field.type != Field::Type::kRecord) continue;
    const yaml::Node value = map.Find(field.name);
    if (!value) continue;
    const bool many = field.list && value.is_list();
    for (yaml::Node item = many ? value.first() : value; item;
         item = many ? item.next() : yaml::Node()) {
      if (refers && item.is_scalar()) CheckReference(item, field);
      if (!refers && item.is_map()) CheckFields(item, field.fields);
    }
  }
}

void ReferenceChecker::CheckReference(yaml::Node node, const Field& field) {
  const std::string_view text = node.text();
  if (text.empty() || !TextFault(text).empty()) return;  // reported by the shape checker
  if (std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end()) return;
  const Directory::Found found = directory_.Find(field.targets, text);
  if (found.document == nullptr) {
    diagnostics_.Error(document_->OriginOf(node),
                       "no " + KindNames(field.targets) + " is named " + Quoted(text),
                       Hint(text, field));
  } else if (found.by_machine) {
    const std::string pool =
        std::string(found.document->table->kind) + " `" + found.document->name + '`';
    diagnostics_.Note(
        document_->OriginOf(node),
        Quoted(text) + " is " + std::string(NameOf(*found.document, text)) + " of " + pool,
        "taken as that pool; write `" + found.document->name + '`');
  }
}

std::string ReferenceChecker::Hint(std::string_view text, const Field& field) {
  const std::vector<std::string> names = directory_.Names(field.targets);
  if (names.empty()) return "none is declared";
  constexpr std::size_t kLongestName = 64;
  if (names.size() > comparisons_left_ || text.size() > kLongestName) return "";
  comparisons_left_ -= names.size();
  return DidYouMean(text, names);
}

}  // namespace poolshift::manifest
