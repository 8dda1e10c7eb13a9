#include "controller/manifest/manifest_set.h"

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "controller/manifest/assembly.h"
#include "controller/manifest/document.h"
#include "controller/manifest/pieces.h"

namespace poolshift {
namespace {

using manifest::Document;
using manifest::ParsedDocuments;

struct Piece {
  std::string text;
  ParsedFile parsed;

  const ParsedDocuments& documents() const { return ParsedDocuments::Of(parsed); }
  // The one document of a part of a file; null when it has none.
  const Document* document() const {
    return documents().documents.empty() ? nullptr : &documents().documents.front();
  }
  int line() const { return documents().tree.lines_before() + 1; }
  void MoveTo(int line) { ParsedDocuments::Of(parsed).tree.StartAt(line); }
};

// A file, either whole in one piece or cut into documents without any finding.
struct File {
  std::string text;
  bool is_cut = false;
  std::vector<Piece> pieces;
};

// The places of a file before an edit, by what stands there; each is given away once.
class Stock {
 public:
  explicit Stock(File& file) : file_(file), taken_(file.pieces.size(), false) {
    if (!file.is_cut) return;
    for (std::size_t i = file.pieces.size(); i-- > 0;)
      places_.emplace(file.pieces[i].text, i);
  }

  std::optional<std::size_t> Take(std::string_view text) {
    const auto found = places_.find(text);
    if (found == places_.end()) return std::nullopt;
    const std::size_t place = found->second;
    places_.erase(found);
    taken_[place] = true;
    return place;
  }

  std::vector<Piece*> rest() {
    std::vector<Piece*> pieces;
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      if (!taken_[i]) pieces.push_back(&file_.pieces[i]);
    }
    return pieces;
  }

 private:
  File& file_;
  std::unordered_multimap<std::string_view, std::size_t> places_;
  std::vector<bool> taken_;
};

// What the texts of a file will be: pieces that are there, by place, or fresh ones.
struct Edit {
  struct Part {
    int line = 1;
    std::optional<std::size_t> place;
    Piece fresh;
  };
  std::vector<Part> parts;
};

// Nothing when the file must be read as a whole.
std::optional<Edit> Compare(const std::string& name, std::string_view text, Stock& stock) {
  if (text.size() > ManifestLimits::kFileBytes) return std::nullopt;
  const auto pieces = manifest::CutIntoPieces(text);
  if (!pieces.has_value()) return std::nullopt;
  Edit edit;
  for (const manifest::PieceOfText& piece : *pieces) {
    Edit::Part part;
    part.line = piece.line;
    part.place = stock.Take(piece.text);
    if (!part.place.has_value()) {
      part.fresh = {std::string(piece.text), ParseManifest(name, piece.text)};
      const ParsedDocuments& parsed = part.fresh.documents();
      // Messages name lines of the whole file, and aliases are counted in it.
      const bool plain = parsed.complete && parsed.diagnostics.items().empty() &&
                         parsed.alias_nodes == 0 && parsed.documents.size() <= 1;
      if (!plain) return std::nullopt;
    }
    edit.parts.push_back(std::move(part));
  }
  return edit;
}

}  // namespace

struct ManifestSet::State {
  std::map<std::string, File> files;
  std::optional<manifest::Assembly> assembly;
  bool anew = true;                   // the assembly knows nothing of the last edits
  bool fields = false;                // the followers do not only stand elsewhere
  std::set<const Document*> touched;  // to follow

  void Assemble();
  void Touch(const Document* document) {
    if (document != nullptr) touched.insert(document);
  }
  bool Replace(const Document* before, const Document* after);
  void Take(File& file, Stock& stock, Edit edit);
};

void ManifestSet::State::Assemble() {
  manifest::AssemblyInput input;
  for (const auto& [name, file] : files) {
    manifest::FileParts parts{name, {}, {}};
    for (const Piece& piece : file.pieces) {
      parts.parts.push_back(&piece.documents());
      parts.diagnostics.Append(piece.documents().diagnostics);
    }
    input.files.push_back(std::move(parts));
  }
  assembly.emplace(input);
  anew = false;
}

bool ManifestSet::State::Replace(const Document* before, const Document* after) {
  if (before == nullptr || after == nullptr) return before == after;
  if (!manifest::Assembly::MayReplace(*before, *after)) return false;
  fields = fields || (before->spec && !before->spec.SaysTheSame(after->spec));
  assembly->Replace(*before, *after);
  touched.erase(before);
  touched.insert(after);
  return true;
}

// Puts the pieces where they will stand. Fresh ones take the places of those that are left over,
// one by one; where that does not fit, all is assembled anew.
void ManifestSet::State::Take(File& file, Stock& stock, Edit edit) {
  const std::vector<Piece*> rest = stock.rest();
  std::size_t fresh = 0;
  std::vector<Piece> pieces;
  for (Edit::Part& part : edit.parts) {
    Piece piece = std::move(part.place.has_value() ? file.pieces[*part.place] : part.fresh);
    const bool moves = piece.line() != part.line;
    piece.MoveTo(part.line);
    if (part.place.has_value()) {
      if (moves) Touch(piece.document());
      // Its lines stand in what other entities say.
      if (moves && piece.document() != nullptr)
        anew = anew || !manifest::Assembly::MayReplace(*piece.document(), *piece.document());
    } else {
      anew = anew || fresh >= rest.size() || !Replace(rest[fresh]->document(), piece.document());
      ++fresh;
    }
    pieces.push_back(std::move(piece));
  }
  anew = anew || fresh != rest.size();
  file.pieces = std::move(pieces);
}

ManifestSet::ManifestSet() : state_(std::make_unique<State>()) {}
ManifestSet::~ManifestSet() = default;
ManifestSet::ManifestSet(ManifestSet&&) noexcept = default;
ManifestSet& ManifestSet::operator=(ManifestSet&&) noexcept = default;

void ManifestSet::Set(const std::string& name, std::string_view text) {
  const auto [found, is_added] = state_->files.try_emplace(name);
  File& file = found->second;
  if (!is_added && file.text == text) return;
  state_->anew = state_->anew || is_added || !file.is_cut;
  Stock stock(file);
  std::optional<Edit> edit = Compare(name, text, stock);
  file.text = text;
  if (edit.has_value()) {
    state_->Take(file, stock, *std::move(edit));
    file.is_cut = true;
    return;
  }
  state_->anew = true;
  file.is_cut = false;
  file.pieces.clear();
  file.pieces.push_back({"", ParseManifest(name, text)});
}

void ManifestSet::Remove(const std::string& name) {
  if (state_->files.erase(name) > 0) state_->anew = true;
}

ManifestSet::Result ManifestSet::Load() {
  State& state = *state_;
  Difference difference = Difference::kNone;
  std::vector<Entity> read_anew;
  if (!state.anew && !state.touched.empty()) {
    difference = state.fields ? Difference::kFields : Difference::kPlaces;
    for (const Document* document : state.touched)
      read_anew.push_back({std::string(document->table->kind), document->name});
    state.anew = !state.assembly->Follow({state.touched.begin(), state.touched.end()});
  }
  if (state.anew) {
    state.Assemble();
    read_anew.clear();
    difference = Difference::kAnything;
  }
  state.touched.clear();
  state.fields = false;
  return {state.assembly->loaded(), difference, std::move(read_anew)};
}

}  // namespace poolshift
