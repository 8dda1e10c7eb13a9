#include <algorithm>

#include "controller/manifest/document.h"
#include "controller/manifest/manifest.h"
#include "controller/manifest/scalar.h"
#include "controller/manifest/shape.h"
#include "controller/manifest/text_check.h"
#include "controller/manifest/yaml_reader.h"

namespace poolshift {
namespace manifest {
namespace {

constexpr std::string_view kFirstLines =
    "a document starts with `apiVersion: poolshift/v1`, `kind:` and `metadata: {name: …}`";

// Reads the four keys of a document and hands its spec to the shape checker.
class DocumentReader {
 public:
  explicit DocumentReader(ParsedDocuments& parsed)
      : parsed_(parsed), shape_(parsed.file, parsed.diagnostics) {}

  void Read(yaml::Node root) {
    if (root.is_null()) return;  // nothing between two `---`
    if (!root.is_map()) return Error(root, "a document must be a map", std::string(kFirstLines));
    CheckKeys(root);
    Document document{.spec = root.Find("spec"), .file = &parsed_.file};
    const bool current = ReadVersion(root);
    document.table = ReadKind(root);
    if (!current || document.table == nullptr) return;
    const bool named = ReadName(root, document);
    ReadSpec(root, document);
    if (named) parsed_.documents.push_back(std::move(document));
  }

 private:
  void Error(yaml::Node at, std::string message, std::string hint = "") {
    parsed_.diagnostics.Error(
        {parsed_.file, at.line(), at.column()}, std::move(message), std::move(hint));
  }

  void CheckKeys(yaml::Node root) {
    const std::vector<std::string> known = {"apiVersion", "kind", "metadata", "spec"};
    for (yaml::Node key = root.first(); key; key = key.next().next()) {
      if (std::find(known.begin(), known.end(), key.text()) != known.end()) continue;
      Error(key,
            "unknown key " + Quoted(key.text()) + " in the document",
            DidYouMean(key.text(), known, "it knows `apiVersion`, `kind`, `metadata` and `spec`"));
    }
  }

  // The scalar at a key of the document; an error and no node when it is missing or something else.
  yaml::Node Scalar(yaml::Node root, std::string_view key) {
    const yaml::Node value = root.Find(key);
    if (value && value.is_scalar() && !value.text().empty()) return value;
    Error(value ? value : root,
          "the document lacks `" + std::string(key) + "`",
          std::string(kFirstLines));
    return {};
  }

  bool ReadVersion(yaml::Node root) {
    const yaml::Node version = Scalar(root, "apiVersion");
    if (!version) return false;
    if (version.text() == kApiVersion) return true;
    Error(version, "unknown apiVersion " + Quoted(version.text()), "write `poolshift/v1`");
    return false;
  }

  const KindTable* ReadKind(yaml::Node root) {
    const yaml::Node kind = Scalar(root, "kind");
    if (!kind) return nullptr;
    const KindTable* table = FindKindTable(kind.text());
    if (table != nullptr) return table;
    std::vector<std::string> names;
    for (const KindTable& known : KindTables())
      names.emplace_back(known.kind);
    const std::vector<std::string_view> words(names.begin(), names.end());
    Error(kind,
          "unknown kind " + Quoted(kind.text()),
          DidYouMean(kind.text(), names, "the kinds are " + AnyOf(words, "and")));
    return nullptr;
  }

  bool ReadName(yaml::Node root, Document& document) {
    const yaml::Node metadata = root.Find("metadata");
    const Field name{.name = "name",
                     .type = document.table->name_type,
                     .required = true,
                     .meaning = document.table->name_meaning};
    if (!metadata || !metadata.is_map()) {
      Error(metadata ? metadata : root,
            "the document lacks `metadata: {name: …}`",
            std::string(name.meaning));
      return false;
    }
    const std::size_t faults = parsed_.diagnostics.items().size();
    shape_.CheckRecord(metadata, {name}, "`metadata`", metadata);
    document.name_node = metadata.Find("name");
    if (!document.name_node || !document.name_node.is_scalar()) return false;
    document.name = document.name_node.text();
    if (name.type == Field::Type::kDnsName) {
      const auto canonical = ReadDnsName(document.name);
      if (canonical.ok()) document.name = *canonical;
    }
    // A name that is no name cannot be referred to, but unknown keys beside it do no harm.
    return parsed_.diagnostics.items().size() == faults || !document.name.empty();
  }

  void ReadSpec(yaml::Node root, Document& document) {
    const std::string owner(document.table->kind);
    if (document.spec && document.spec.is_null()) document.spec = {};
    if (document.spec && !document.spec.is_map()) {
      Error(document.spec, "`spec` must be a map", "write `key: value` pairs below it");
      document.spec = {};
      return;
    }
    if (document.spec) {
      return shape_.CheckRecord(document.spec, document.table->fields, owner, document.spec);
    }
    for (const Field& field : document.table->fields) {
      if (field.required) {
        Error(root,
              owner + " lacks `spec." + std::string(field.name) + "`",
              std::string(field.meaning));
      }
    }
  }

  ParsedDocuments& parsed_;
  ShapeChecker shape_;
};

// Orders the faults of a file, each once (an alias repeats those of what it stands for), and keeps
// the first where there are thousands.
void TidyFaults(Diagnostics& diagnostics, const std::string& file) {
  constexpr std::size_t kMostFaults = 1000;
  diagnostics.Sort();
  Diagnostics kept;
  for (const Diagnostic& item : diagnostics.items()) {
    if (!kept.items().empty() && kept.items().back() == item) continue;
    if (kept.items().size() == kMostFaults) {
      kept.Error({file, 0, 0}, "more faults of this file are not shown");
      break;
    }
    kept.Add(item);
  }
  diagnostics = std::move(kept);
}

void ReadText(std::string_view text, ParsedDocuments& parsed) {
  if (text.size() > ManifestLimits::kFileBytes) {
    parsed.diagnostics.Error(
        {parsed.file, 0, 0}, "larger than 4 MiB", "split it into several files");
    return;
  }
  if (!CheckText(parsed.file, text, parsed.diagnostics)) return;
  YamlTree yaml = ReadYaml(parsed.file, text, parsed.diagnostics);
  parsed.tree = std::move(yaml.tree);
  parsed.alias_nodes = yaml.alias_nodes;
  parsed.complete = yaml.complete;
  DocumentReader reader(parsed);
  if (!yaml.complete) return;
  for (const yaml::Node root : parsed.tree.Documents())
    reader.Read(root);
}

}  // namespace
}  // namespace manifest

ParsedFile::ParsedFile() : documents_(std::make_unique<manifest::ParsedDocuments>()) {}
ParsedFile::~ParsedFile() = default;
ParsedFile::ParsedFile(ParsedFile&&) noexcept = default;
ParsedFile& ParsedFile::operator=(ParsedFile&&) noexcept = default;
const std::string& ParsedFile::name() const { return documents_->file; }
const Diagnostics& ParsedFile::diagnostics() const { return documents_->diagnostics; }

ParsedFile ParseManifest(std::string name, std::string_view text) {
  ParsedFile file;
  manifest::ParsedDocuments& parsed = *file.documents_;
  parsed.file = std::move(name);
  parsed.bytes = text.size();
  manifest::ReadText(text, parsed);
  manifest::TidyFaults(parsed.diagnostics, parsed.file);
  return file;
}

}  // namespace poolshift
