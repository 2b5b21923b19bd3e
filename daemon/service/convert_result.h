// What became of an article, to the API.
#ifndef TOCSIN_SERVICE_CONVERT_RESULT_H_
#define TOCSIN_SERVICE_CONVERT_RESULT_H_

#include "pipeline/ingest_lane.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {

// The status is OK or INVALID_ARGUMENT. Fills `proto`, which is empty.
void ResultToProto(LaneResult result, v1::IngestResult& proto);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_RESULT_H_
