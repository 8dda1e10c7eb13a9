// JSON as ConvertTo-Json writes it, as a Value. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/value.h"

namespace poolshift::lync {

// InvalidArgument: no JSON, nested too deeply, or invalid UTF-8. Fractions are cut off to integers;
// nothing that we ask for has any.
absl::StatusOr<Value> ReadJson(std::string_view text);

// PowerShell makes one object out of a list of one, nothing out of an empty one, and under some
// conditions {value, Count} out of any: all of them are lists.
Value::List ItemsOf(const Value* value);
std::vector<std::string> TextsOf(const Value* value);

// "True", "False" in any case; nothing else.
bool IsTrue(std::string_view text);
bool IsFalse(std::string_view text);

}  // namespace poolshift::lync
