// Names of the user's own, to and from the API.
#ifndef TOCSIN_SERVICE_CONVERT_NAME_H_
#define TOCSIN_SERVICE_CONVERT_NAME_H_

#include "absl/strings/string_view.h"
#include "storage/records.h"
#include "tocsin/v1/admin_service.pb.h"

namespace tocsin {

// `entities/` before the id is accepted. Nothing is checked.
NameRecord FromProto(const v1::ListedName& proto);
v1::ListedName ToProto(const NameRecord& name);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_NAME_H_
