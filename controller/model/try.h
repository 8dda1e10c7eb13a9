// Early return for absl::Status and absl::StatusOr (Debian's Abseil has no status macros).
//
//   POOLSHIFT_TRY(DoIt());                       // returns the status when it is not ok
//   POOLSHIFT_ASSIGN(auto text, ReadFile(path)); // declares `text`, or returns the status
#pragma once

#include <utility>

#define POOLSHIFT_TRY(expression)                                            \
  do {                                                                       \
    if (auto try_status = (expression); !try_status.ok()) return try_status; \
  } while (false)

#define POOLSHIFT_TRY_CONCAT_(a, b) a##b
#define POOLSHIFT_TRY_NAME_(a, b) POOLSHIFT_TRY_CONCAT_(a, b)
#define POOLSHIFT_ASSIGN_(name, declaration, expression) \
  auto name = (expression);                              \
  if (!name.ok()) return name.status();                  \
  declaration = *std::move(name)
#define POOLSHIFT_ASSIGN(declaration, expression) \
  POOLSHIFT_ASSIGN_(POOLSHIFT_TRY_NAME_(try_or_, __LINE__), declaration, expression)
