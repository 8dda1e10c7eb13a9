// The manifest schema as data: one table per kind says which fields there are, what they may hold
// and what they mean. Reading, unknown-key hints, the JSON Schema and docs/manifest-reference.md
// all come from these tables, so they cannot disagree. Adding a field is adding a row here and
// reading it in bind_*.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolshift::manifest {

inline constexpr std::string_view kApiVersion = "poolshift/v1";

// Manifest kinds by name.
inline constexpr std::string_view kOrganization = "Organization";
inline constexpr std::string_view kSite = "Site";
inline constexpr std::string_view kEdgePool = "EdgePool";
inline constexpr std::string_view kFrontEndPool = "FrontEndPool";
inline constexpr std::string_view kDirector = "Director";
inline constexpr std::string_view kDomain = "Domain";
inline constexpr std::string_view kPartner = "Partner";
inline constexpr std::string_view kProvider = "Provider";
inline constexpr std::string_view kPolicy = "Policy";
inline constexpr std::string_view kNotification = "Notification";

struct Field {
  enum class Type {
    kText,          // any printable text, not empty
    kName,          // ReadName
    kSiteName,      // ReadSiteName
    kDnsName,       // ReadDnsName
    kAddress,       // ReadAddress
    kBoolean,       // true or false, unquoted
    kInteger,       // decimal, unquoted, minimum to maximum
    kDuration,      // ReadDuration, minimum to maximum seconds
    kTimeOfDay,     // ReadTimeOfDay
    kCalendarTime,  // ReadCalendarTime
    kChoice,        // one of `choices`
    kReference,     // the name of an entity of one of the kinds `targets` (or one of `choices`)
    kProviderType,  // the name of a provider program, never a path
    kResourceKind,  // a kind of controller/federation/kinds.h, or "*"
    kRecord,        // a map with `fields`
    kFree,          // a map whose content somebody else checks
    kSecrets,       // a map from name to a reference to a secret
    kSshKey,        // ReadSshKey
    kOpenPgpKey,    // ReadOpenPgpKey
    kDay,           // ReadDay
    kPathPattern,   // ReadPathPattern
  };

  std::string_view name = {};
  Type type = Type::kText;
  bool list = false;         // a list of such
  bool one_or_list = false;  // one of such, or a list
  bool lines = false;        // a list of lines: the same one may come twice
  bool required = false;
  std::string_view standard = {};  // what holds when it is left out, in words
  std::string_view meaning = {};   // one line
  std::vector<std::string_view> choices = {};
  std::vector<std::string_view> targets = {};
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::vector<Field> fields = {};
  // Where the sibling `foreign_key` holds one of `foreign_to`, the field means nothing: it is
  // refused there, and required only elsewhere.
  std::string_view foreign_key = {};
  std::vector<std::string_view> foreign_to = {};
};

struct KindTable {
  std::string_view kind = {};
  std::string_view meaning = {};  // one or two sentences
  Field::Type name_type = Field::Type::kName;
  std::string_view name_meaning = {};
  std::vector<Field> fields = {};  // of `spec`
  std::string_view example = {};   // a whole document
};

// All kinds, in the order of the reference page.
const std::vector<KindTable>& KindTables();
// Null when there is no such kind.
const KindTable* FindKindTable(std::string_view kind);

// The parts that KindTables() joins.
std::vector<KindTable>
TopologyKindTables();                        // Organization, Site, EdgePool, FrontEndPool, Director
std::vector<KindTable> OutsideKindTables();  // Domain, Partner
std::vector<KindTable> ControlKindTables();  // Provider, Policy, Notification
Field CommitsField();                        // of Policy
KindTable NotificationTable();

}  // namespace poolshift::manifest
