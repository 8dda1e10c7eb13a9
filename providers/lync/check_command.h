// `poolshift-provider-lync check JSON`: what `poolshift provider check` runs. Looks at every
// machine and prints what it found; 0 when nothing is wrong.
#pragma once

#include <string>
#include <vector>

namespace poolshift::lync {

// `arguments`: one JSON document {organization, configuration, secrets: {name: reference}, base}.
int RunCheck(const std::vector<std::string>& arguments);

}  // namespace poolshift::lync
