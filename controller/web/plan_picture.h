// The plan's order as a drawing (SVG): columns from left to right, each action after everything
// that it waits for. Pure.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift::web {

// More actions than this are not drawn: nobody could read them.
inline constexpr std::size_t kMostDrawn = 200;

// "" when there is nothing to draw, or too much.
std::string PlanPicture(const Plan& plan);

}  // namespace poolshift::web
