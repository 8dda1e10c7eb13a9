// The frame and the pieces of which every page is made. Pure.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/gitops/board.h"

namespace poolshift::web {

// Several lines from anywhere as HTML (markup_text.h), which stay lines.
std::string EscapedLines(std::string_view text);
// The same, up to the line with which it would have more than `most` bytes; then kCutShort.
std::string Excerpt(std::string_view text, std::size_t most);
inline constexpr std::string_view kCutShort = "…\n";
// The first `most` of them, or all.
template <typename Item>
std::span<const Item> First(const std::vector<Item>& items, std::size_t most) {
  return std::span(items).first(std::min(most, items.size()));
}
// Whether the page follows what happens (live_script.h), or stays while somebody fills it in.
enum class Pace { kFollows, kStays };
// Whether the navigation leads there.
bool IsEntry(std::string_view path);
// A whole page. `here` is the path of its entry in the navigation, `content` is HTML.
std::string Framed(const Snapshot& snapshot,
                   std::string_view here,
                   std::string_view title,
                   std::string_view content,
                   Pace pace = Pace::kFollows);
// "<time datetime=…>2026-11-27 12:00:00Z</time>", or "never".
std::string TimeTag(absl::Time time);
// The first digits of a hash.
std::string Short(std::string_view hash);

}  // namespace poolshift::web
