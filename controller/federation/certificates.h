// Certificates of a pool as a whole (I-13).
#pragma once

#include <string>
#include <string_view>

#include "controller/federation/view.h"

namespace poolshift {

// Which certificate each server of the pool shows, by thumbprint, where they are not the same:
// "edge1a.contoso.com A1B2C3D4E5, edge1b.contoso.com 0F1E2D3C4B". "" where they are, where fewer
// than two could be looked at, and outside any topology, where each server may have its own.
std::string DifferingCertificates(const View& view, const EdgePool& pool, std::string_view use);

}  // namespace poolshift
