find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(benchmark CONFIG REQUIRED)
find_package(mimalloc CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ldns REQUIRED IMPORTED_TARGET ldns)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(gnutls REQUIRED IMPORTED_TARGET gnutls)
pkg_check_modules(pugixml REQUIRED IMPORTED_TARGET pugixml)

# Programs take gRPC, protobuf and Abseil out of Debian's archives: some sixty shared libraries cost more to find and bind,
# in each process, than a small plan costs to make. The archives lie where the shared libraries do.
get_target_property(transport gRPC::grpc++ LOCATION)
cmake_path(GET transport PARENT_PATH transport)
file(GLOB archives_below ${transport}/libabsl_*.a)
foreach(name upb gpr address_sorting protobuf cares z)
  list(APPEND archives_below ${transport}/lib${name}.a)
endforeach()
# Its TLS is in the programs that speak the control API with other machines (POOLSHIFT_TLS); the plugins, which are hashed whole
# at each start, do without (docs/decisions/0036-control-over-tls.md). One process must not have both flavours.
set(archives ${transport}/libgrpc++_unsecure.a ${transport}/libgrpc_unsecure.a ${archives_below})
set(archives_tls ${transport}/libgrpc++.a ${transport}/libgrpc.a ${transport}/libre2.a ${archives_below})
list(JOIN archives "," archives)
list(JOIN archives_tls "," archives_tls)
set(with_tls "$<BOOL:$<TARGET_PROPERTY:POOLSHIFT_TLS>>")
add_library(poolshift_transport INTERFACE)
target_link_libraries(poolshift_transport INTERFACE
  "$<IF:${with_tls},$<LINK_GROUP:RESCAN,${archives_tls}>,$<LINK_GROUP:RESCAN,${archives}>>"
  "$<${with_tls}:OpenSSL::SSL>" Threads::Threads)

# Replaces in the list of libraries those of which a program takes the archive. What is written in C++ must be among them: a
# shared one brings the shared C++ library, and a process must not have two.
function(poolshift_in_one_piece libraries)
  list(TRANSFORM ${libraries} REPLACE "^(gRPC|protobuf|absl)::.*" poolshift_transport)
  list(TRANSFORM ${libraries} REPLACE "^yaml-cpp$" ${transport}/libyaml-cpp.a)
  list(TRANSFORM ${libraries} REPLACE "^PkgConfig::yaml$" ${transport}/libyaml.a)
  list(REMOVE_DUPLICATES ${libraries})
  set(${libraries} ${${libraries}} PARENT_SCOPE)
endfunction()
