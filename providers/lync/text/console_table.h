// Tables of the console: a header, a ruler of dashes, rows. Columns are where the ruler has them;
// documents that collapsed the blanks between them are read by their words. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poolshift::lync {

// "------   ----": at least one group of dashes, and nothing but dashes and blanks.
bool IsRuler(std::string_view line);

// One list of label and cell for each row.
std::vector<std::vector<std::pair<std::string, std::string>>> ReadTable(
    std::string_view header, std::string_view ruler, const std::vector<std::string_view>& rows);

}  // namespace poolshift::lync
