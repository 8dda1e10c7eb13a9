// JSON pieces shared by every report for programs. Members stand in the order in which they are
// added, so that the same value always gives the same bytes; everything outside ASCII is escaped,
// so that the text is safe to show.
#pragma once

#include <string>

#include "absl/time/time.h"

#include "controller/model/diagnostics.h"
#include "controller/model/value.h"
#include <nlohmann/json.hpp>

namespace poolshift {

using Json = nlohmann::ordered_json;

Json ToJson(const Value& value);
// {"file", "line", "column"}, or null when unknown.
Json ToJson(const Origin& origin);
// [{"severity", "message", "hint", "at"}]
Json ToJson(const Diagnostics& diagnostics);
// Seconds: an integer when whole, null when infinite.
Json ToJson(absl::Duration duration);
// RFC 3339 in UTC, or null for the infinite past.
Json ToJson(absl::Time time);

// Two spaces of indent, a final line end, bytes that are not UTF-8 replaced.
std::string JsonText(const Json& json);

// The version that our documents start with, but for plans, which have their own (plan_json.h): the
// major number changes when a reader must change, the minor number when members are added.
inline constexpr const char* kFormatVersion = "1.1";

}  // namespace poolshift
