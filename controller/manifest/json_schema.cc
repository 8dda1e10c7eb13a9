#include "controller/manifest/json_schema.h"

#include "controller/federation/kinds.h"
#include "controller/manifest/schema.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace manifest {
namespace {

using Json = nlohmann::ordered_json;
using Type = Field::Type;

constexpr const char* kLabel = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

Json Pattern(const std::string& pattern) {
  return {{"type", "string"}, {"pattern", '^' + pattern + '$'}};
}

Json Words(const std::vector<std::string_view>& words) {
  Json list = Json::array();
  for (const std::string_view word : words)
    list.push_back(std::string(word));
  return list;
}

Json Record(const std::vector<Field>& fields);

Json ResourceKind() {
  Json kinds = Json::array({"*"});
  for (const KindSchema& schema : kinds::KindSchemas())
    kinds.push_back(schema.kind);
  return {{"enum", kinds}};
}

Json Secrets() {
  return {{"type", "object"},
          {"propertyNames", {{"pattern", std::string("^") + kLabel + '$'}}},
          {"additionalProperties", Pattern("(file:/.+|env:[A-Z_][A-Z0-9_]*)")}};
}

Json Duration(const Field& field) {
  const Json number = {{"type", "integer"}, {"minimum", field.minimum}, {"maximum", field.maximum}};
  return {{"anyOf", {number, Pattern("(0|[1-9][0-9]*)[smh]?")}}};
}

Json Item(const Field& field) {
  switch (field.type) {
    case Type::kName:
    case Type::kProviderType:
      return Pattern(kLabel);
    case Type::kSiteName:
      return {{"type", "string"}, {"minLength", 1}, {"maxLength", 64}};
    case Type::kDnsName:
      return Pattern(std::string(kLabel) + "(\\." + kLabel + ")+");
    case Type::kAddress:
      return Pattern("[0-9A-Fa-f.:]+");
    case Type::kBoolean:
      return {{"type", "boolean"}};
    case Type::kInteger:
      return {{"type", "integer"}, {"minimum", field.minimum}, {"maximum", field.maximum}};
    case Type::kDuration:
      return Duration(field);
    case Type::kTimeOfDay:
      return Pattern("(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)");
    case Type::kCalendarTime:
      return Pattern("[0-9]{4}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]");
    case Type::kChoice:
      return {{"enum", Words(field.choices)}};
    case Type::kResourceKind:
      return ResourceKind();
    case Type::kRecord:
      return Record(field.fields);
    case Type::kFree:
      return {{"type", "object"}};
    case Type::kSecrets:
      return Secrets();
    case Type::kSshKey:
      return Pattern(
          "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh.com|"
          "sk-ecdsa-sha2-nistp256@openssh.com) +AAAA[A-Za-z0-9+/=]+( .*)?");
    case Type::kOpenPgpKey:
      return {{"type", "string"}, {"pattern", "^\\s*-----BEGIN PGP PUBLIC KEY BLOCK-----\n"}};
    case Type::kDay:
      return Pattern("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");
    case Type::kPathPattern:
      return Pattern("[^/]+(/[^/]+)*");
    case Type::kText:
    case Type::kReference:
      break;
  }
  return {{"type", "string"}, {"minLength", 1}};
}

Json Property(const Field& field) {
  Json property = Item(field);
  if (field.list) {
    property = {{"type", "array"}, {"items", property}};
    if (field.type != Type::kRecord && !field.lines) property["uniqueItems"] = true;
    if (field.required) property["minItems"] = 1;
  }
  std::string meaning(field.meaning);
  if (!field.standard.empty()) meaning += " (default: " + std::string(field.standard) + ')';
  if (field.one_or_list) {
    Json list = {{"type", "array"}, {"items", property}, {"uniqueItems", true}, {"minItems", 1}};
    property = {{"anyOf", {property, list}}};
  }
  property["description"] = meaning;
  return property;
}

// Fields that mean nothing beside some words of a sibling: refused there, required elsewhere.
void AddForeign(const std::vector<Field>& fields, Json& record) {
  Json refused = Json::object();
  Json required = Json::array();
  Json condition;
  for (const Field& field : fields) {
    if (field.foreign_key.empty()) continue;
    const Json words = {{"enum", Words(field.foreign_to)}};
    condition = {{"required", {std::string(field.foreign_key)}},
                 {"properties",
                  {{std::string(field.foreign_key),
                    {{"anyOf", {words, {{"type", "array"}, {"contains", words}}}}}}}}};
    refused[std::string(field.name)] = false;
    if (field.required) required.push_back(std::string(field.name));
  }
  if (condition.is_null()) return;
  record["if"] = condition;
  record["then"] = {{"properties", refused}};
  record["else"] = {{"required", required}};
}

Json Record(const std::vector<Field>& fields) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Field& field : fields) {
    properties[std::string(field.name)] = Property(field);
    if (field.required && field.foreign_key.empty()) required.push_back(std::string(field.name));
  }
  Json record = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
  if (!required.empty()) record["required"] = required;
  AddForeign(fields, record);
  return record;
}

Json DocumentSchema(const KindTable& table) {
  const Field name{
      .name = "name", .type = table.name_type, .required = true, .meaning = table.name_meaning};
  const Json spec = Record(table.fields);
  Json required = {"apiVersion", "kind", "metadata"};
  if (spec.contains("required")) required.push_back("spec");
  const Json properties = {{"apiVersion", {{"const", std::string(kApiVersion)}}},
                           {"kind", {{"const", std::string(table.kind)}}},
                           {"metadata", Record({name})},
                           {"spec", spec}};
  return {{"description", std::string(table.meaning)},
          {"type", "object"},
          {"additionalProperties", false},
          {"required", required},
          {"properties", properties}};
}

}  // namespace
}  // namespace manifest

std::string ManifestJsonSchema() {
  using manifest::Json;
  Json any = Json::array();
  Json definitions = Json::object();
  for (const manifest::KindTable& table : manifest::KindTables()) {
    const std::string kind(table.kind);
    definitions[kind] = manifest::DocumentSchema(table);
    any.push_back({{"$ref", "#/definitions/" + kind}});
  }
  const Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                       {"title", "Poolshift manifest document (poolshift/v1)"},
                       {"oneOf", any},
                       {"definitions", definitions}};
  return schema.dump(2) + '\n';
}

}  // namespace poolshift
