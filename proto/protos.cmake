# Generates and compiles the protos: tocsin_api_proto (messages and gRPC stubs
# of tocsin.v1) and tocsin_storage_proto (records on disk, no gRPC).

function(tocsin_proto_library name)
  cmake_parse_arguments(ARG "GRPC" "" "PROTOS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${out})
  foreach(proto ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(made ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(flags --cpp_out=${out})
    if(ARG_GRPC AND stem MATCHES "_service$")
      list(APPEND made ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      list(APPEND flags --grpc_out=${out} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(OUTPUT ${made}
      COMMAND protobuf::protoc -I${CMAKE_SOURCE_DIR}/proto ${flags} ${proto}
      DEPENDS ${CMAKE_SOURCE_DIR}/proto/${proto}
      COMMENT "Generating from ${proto}" VERBATIM)
    foreach(file ${made})
      if(file MATCHES "\\.cc$")
        list(APPEND sources ${file})
      endif()
    endforeach()
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf)
  if(ARG_GRPC)
    target_link_libraries(${name} PUBLIC gRPC::grpc++)
    target_precompile_headers(${name} PRIVATE <grpcpp/grpcpp.h> <google/protobuf/message.h>)
  endif()
endfunction()

tocsin_proto_library(tocsin_api_proto GRPC PROTOS
  tocsin/v1/admin_service.proto
  tocsin/v1/alert.proto
  tocsin/v1/alert_service.proto
  tocsin/v1/archive_service.proto
  tocsin/v1/article.proto
  tocsin/v1/error.proto
  tocsin/v1/ingest_service.proto
  tocsin/v1/mention.proto
  tocsin/v1/rule.proto
  tocsin/v1/rule_service.proto)

tocsin_proto_library(tocsin_storage_proto PROTOS
  tocsin/storage/v1/records.proto)
