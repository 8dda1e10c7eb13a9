// From keys to questions, and from answers to observations.
#pragma once

#include <string>

#include "controller/model/observation.h"
#include "providers/probe/service/settings.h"

namespace poolshift::probe {

// What a key asks. Returns why it cannot be asked, "" = `question` is filled (but its id).
std::string ReadKey(const Settings& settings, const ResourceId& id, Question& question);

// `vantage` is named in the remark.
Observation ToObservation(const Question& question,
                          const Answer& answer,
                          const std::string& vantage);

}  // namespace poolshift::probe
