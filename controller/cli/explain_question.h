// What `poolshift explain --why-not` is asked, and the answers.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "controller/report/explanation.h"

namespace poolshift {

// "#14 before #12", "point A xmpp first", "why is edgepool2 not stopped first?".
absl::StatusOr<std::string> AnswerWhyNot(const Explained& from,
                                         const std::string& asked,
                                         const Style& style);

// "host edgepool3", "why does edgepool3 not host XMPP?": which pool, for which of the protocols
// that are hosted; its plan is not made. Nothing when that is not the question.
std::optional<OtherHost> AskedHost(const Organization& organization, const std::string& question);

}  // namespace poolshift
