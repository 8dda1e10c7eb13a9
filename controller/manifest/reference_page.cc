#include "controller/manifest/reference_page.h"

#include "controller/manifest/schema.h"
#include "controller/manifest/shape.h"

namespace poolshift {
namespace manifest {
namespace {

using Type = Field::Type;

constexpr std::string_view kIntroduction = R"(# Manifest reference

<!-- Generated from the schema tables of controller/manifest/schema_*.cc; tests/manifest checks that it is current. -->

A manifest is a YAML file of one or more documents, each declaring one entity of the organisation:

```yaml
apiVersion: poolshift/v1
kind: Site
metadata: {name: Site1}
spec: {}
```

`poolshift` reads the files and folders that it is given; in folders, every `*.yaml` and `*.yml` in the order of
names, except hidden files. `-` is the standard input. All files together are one organisation. `poolshift validate`
reports every fault at once as `file:line:column: error|warning|note: …`; `poolshift schema` prints the JSON Schema
for editors.

**Strict on purpose.** Unknown and duplicate keys, merge keys (`<<`), tags, tabs, control and invisible characters
and anything but UTF-8 are errors. The schema, not YAML, decides the type of a value: a boolean is `true` or `false`,
a number is decimal, everything else is text, and quoted values are always text. Under `config`, where the schema
does not know the types, words and numbers that can be read in two ways (`yes`, `012`, `1.5`) must be quoted.

**Limits.** 4 MiB a file, 20,000 files, 64 MiB together, 64 levels, 100,000 nodes by aliases.

**Names.** Pools, providers and policies have names of letters, digits and inner hyphens. DNS names are compared
without case and kept in lower case; international names are written in their `xn--` form. Where a pool is meant,
the name of one of its servers or its internal FQDN is accepted too, and noted.
)";

std::string Code(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string TargetNames(const Field& field) {
  std::string names;
  for (const std::string_view kind : field.targets) {
    names += (names.empty() ? "" : " or ") + std::string(kind);
  }
  for (const std::string_view choice : field.choices)
    names += " or " + Code(choice);
  return "name of " + names;
}

std::string TypeName(const Field& field) {
  switch (field.type) {
    case Type::kText:
      return "text";
    case Type::kName:
      return "name";
    case Type::kSiteName:
      return "any printable text, at most 64 bytes";
    case Type::kDnsName:
      return "DNS name";
    case Type::kAddress:
      return "IP address";
    case Type::kBoolean:
      return "`true` or `false`";
    case Type::kInteger:
      return "number, " + std::to_string(field.minimum) + " to " + std::to_string(field.maximum);
    case Type::kDuration:
      return "duration (`300`, `300s`, `5m`, `1h`), " + std::to_string(field.minimum) + " to " +
             std::to_string(field.maximum) + " seconds";
    case Type::kTimeOfDay:
      return "time (`\"22:30\"`)";
    case Type::kCalendarTime:
      return "day and time (`\"2026-12-20 18:00\"`)";
    case Type::kChoice:
      return AnyOf(field.choices);
    case Type::kReference:
      return TargetNames(field);
    case Type::kProviderType:
      return "name";
    case Type::kResourceKind:
      return "kind";
    case Type::kRecord:
      return "map";
    case Type::kFree:
      return "map, free";
    case Type::kSecrets:
      return "map of names to references";
    case Type::kSshKey:
      return "SSH public key";
    case Type::kOpenPgpKey:
      return "OpenPGP public key, a block of lines";
    case Type::kDay:
      return "day (`2027-01-31`)";
    case Type::kPathPattern:
      return "pattern of paths";
  }
  return "";
}

std::string Foreign(const Field& field) {
  if (field.foreign_key.empty()) return "";
  return "; not where " + Code(field.foreign_key) + " is " + AnyOf(field.foreign_to);
}

void AppendFields(const std::vector<Field>& fields, const std::string& prefix, std::string& page) {
  for (const Field& field : fields) {
    const std::string path = prefix + std::string(field.name);
    page += "| " + Code(path) + " | " + (field.list ? "list of: " : "") + TypeName(field) +
            (field.one_or_list ? ", or a list of them" : "") + " | " +
            (field.required ? "**required**" : std::string(field.standard)) + " | " +
            std::string(field.meaning) + Foreign(field) + " |\n";
    AppendFields(field.fields, path + (field.list ? "[]." : "."), page);
  }
}

void AppendKind(const KindTable& table, std::string& page) {
  page += "\n## " + std::string(table.kind) + "\n\n" + std::string(table.meaning) + "\n\n";
  page += "| key | value | default | meaning |\n|---|---|---|---|\n";
  page += "| `metadata.name` | " + TypeName({.type = table.name_type}) + " | **required** | " +
          std::string(table.name_meaning) + " |\n";
  AppendFields(table.fields, "spec.", page);
  page += "\n```yaml\n" + std::string(table.example) + "```\n";
}

}  // namespace
}  // namespace manifest

std::string ManifestReferencePage() {
  std::string page(manifest::kIntroduction);
  for (const manifest::KindTable& table : manifest::KindTables()) {
    manifest::AppendKind(table, page);
  }
  return page;
}

}  // namespace poolshift
