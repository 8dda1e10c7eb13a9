#include "controller/report/bound_text.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "controller/federation/state_words.h"

namespace poolshift {
namespace {

struct Noun {
  std::string_view prefix;  // of a variable's name
  std::string_view one, many;
};

constexpr Noun kNouns[] = {{"Topology.federation", "SIP flag", "SIP flags"},
                           {"Topology.other", "topology", "topologies"},
                           {"SiteRoute/", "site route", "site routes"},
                           {"EdgeService/", "service", "services"},
                           {"EdgeComponents/", "installation", "installations"},
                           {"CentralStore/", "central store", "central stores"},
                           {"EdgeAssociation/", "Edge association", "Edge associations"},
                           {"PoolFailover/", "Front End pool", "Front End pools"},
                           {"DnsRecordSet/", "record set", "record sets"},
                           {"Streams/", "drain", "drains"},
                           {"Fence/", "fence", "fences"},
                           {"AccessConfig/", "setting", "settings"},
                           {"XmppPartner/", "setting", "settings"},
                           {"Enablement/", "enabling", "enablings"},
                           {"firewall ", "firewall", "firewalls"},
                           {"allow list of ", "allow list", "allow lists"},
                           {"traffic manager ", "traffic manager", "traffic managers"},
                           {"", "other thing", "other things"}};

const Noun& NounOf(const BoundShare& share) {
  const std::string_view name =
      share.goals.empty() ? std::string_view() : share.goals.front().variable;
  return *std::find_if(std::begin(kNouns), std::end(kNouns), [&](const Noun& noun) {
    return name.starts_with(noun.prefix);
  });
}

// Shares of one kind; those that cost what they would alone apart from the others.
struct Heap {
  const Noun* noun;
  bool is_dearer;
  int shares = 0, actions = 0;
  std::set<std::string> rules;
};

std::vector<Heap> HeapsOf(const Certificate& certificate) {
  std::vector<Heap> heaps;
  for (const BoundShare& share : certificate.shares) {
    const Noun* noun = &NounOf(share);
    const bool is_dearer = share.actions > share.alone;
    auto heap = std::find_if(heaps.begin(), heaps.end(), [&](const Heap& known) {
      return known.noun->one == noun->one && known.is_dearer == is_dearer;
    });
    if (heap == heaps.end()) heap = heaps.insert(heaps.end(), {noun, is_dearer, 0, 0, {}});
    ++heap->shares;
    heap->actions += share.actions;
    heap->rules.insert(share.rules.begin(), share.rules.end());
  }
  return heaps;
}

std::string TextOf(const Heap& heap) {
  std::string text = std::to_string(heap.shares) + ' ' +
                     std::string(heap.shares == 1 ? heap.noun->one : heap.noun->many);
  if (heap.actions != heap.shares) text.insert(0, std::to_string(heap.actions) + " for ");
  std::string rules;
  for (const std::string& rule : heap.rules)
    rules += (rules.empty() ? "" : ", ") + rule;
  return rules.empty() ? text : text + " (" + rules + ')';
}

}  // namespace

std::string BoundSum(const Certificate& certificate) {
  std::string text = std::to_string(certificate.lower_bound);
  const char* before = " = ";
  for (const Heap& heap : HeapsOf(certificate)) {
    text += before + TextOf(heap);
    before = " + ";
  }
  return text;
}

std::string ShareText(const BoundShare& share) {
  std::string text;
  for (const BoundShare::Goal& goal : share.goals) {
    text += (text.empty() ? "" : "; ") + VariableInWords(goal.variable) + ": " + goal.from +
            " -> " + goal.to;
  }
  return text;
}

}  // namespace poolshift
