# A floor is a folder that is one library. Sources are found by glob, so that adding a file is adding a file.
#   poolshift_floor(plan USES model LIBRARIES absl::status)
# makes the library poolshift_plan from *.cc of the current folder, linked to poolshift_model.
# cmake/check_floors.py checks the includes against the same declarations.
function(poolshift_floor name)
  cmake_parse_arguments(ARG "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  set(target poolshift_${name})
  list(TRANSFORM ARG_USES PREPEND poolshift_)
  if(sources)
    add_library(${target} ${sources})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE ${POOLSHIFT_WARNINGS})
    poolshift_install_library(${target})
    poolshift_archive(${target} USES ${ARG_USES} LIBRARIES ${ARG_LIBRARIES})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} ${scope} ${ARG_USES} ${ARG_LIBRARIES})
endfunction()

# The same objects once more, for the programs (docs/decisions/0024-programs-in-one-piece.md).
function(poolshift_archive target)
  if(NOT POOLSHIFT_ONE_PIECE)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "USES;LIBRARIES" ${ARGN})
  add_library(${target}_archive STATIC $<TARGET_OBJECTS:${target}>)
  set_target_properties(${target}_archive PROPERTIES LINKER_LANGUAGE CXX)
  list(TRANSFORM ARG_USES APPEND _archive)
  poolshift_in_one_piece(ARG_LIBRARIES)
  target_link_libraries(${target}_archive PUBLIC ${ARG_USES} ${ARG_LIBRARIES})
endfunction()

# A program is hashed whole at each start of a plugin, so its debug lines stand in a file of their own, where gdb finds them.
function(poolshift_part_debug_lines name)
  set(lines .debug/${name}.debug)
  add_custom_command(TARGET ${name} POST_BUILD WORKING_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory .debug
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${name} ${lines}
    COMMAND chmod a-x ${lines}
    COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=${lines} ${name})
endfunction()

# Installed floors lie together in a folder of their own: nobody else links to them.
function(poolshift_install_library target)
  if(POOLSHIFT_ONE_PIECE)
    return()
  endif()
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS ${target} LIBRARY DESTINATION lib/poolshift)
endfunction()

# A program in build/bin (installed: bin/, plugins in lib/poolshift/plugins/) from *.cc of the current folder.
function(poolshift_program name)
  cmake_parse_arguments(ARG "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(TRANSFORM ARG_USES PREPEND poolshift_)
  if(sources)
    add_executable(${name} ${sources})
    target_compile_options(${name} PRIVATE ${POOLSHIFT_WARNINGS})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    if(POOLSHIFT_ONE_PIECE)
      list(TRANSFORM ARG_USES APPEND _archive)
      poolshift_in_one_piece(ARG_LIBRARIES)
      target_link_options(${name} PRIVATE -Wl,--gc-sections -static-libstdc++ -static-libgcc)
      target_link_libraries(${name} PRIVATE mimalloc)  # first: it takes the place of malloc
      # Not where a process lives long: such pages are never given back.
      if(NOT name MATCHES "-(serve|agent)$")
        target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/large_pages.cc)
      endif()
      poolshift_part_debug_lines(${name})
    endif()
    target_link_libraries(${name} PRIVATE ${ARG_USES} ${ARG_LIBRARIES})
    if(name MATCHES "^poolshift-provider-")
      set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/..")
      install(TARGETS ${name} RUNTIME DESTINATION lib/poolshift/plugins)
    else()
      install(TARGETS ${name} RUNTIME DESTINATION bin)
    endif()
    if(POOLSHIFT_ONE_PIECE)
      # None of its libraries lie beside it. For one that is installed with a path CMake fills the path of the build tree
      # with empty entries, and the loader would look for each library in the current folder first.
      set_target_properties(${name} PROPERTIES SKIP_BUILD_RPATH ON INSTALL_RPATH "")
    endif()
  endif()
endfunction()

# One test program from the *_test.cc of the current folder.
function(poolshift_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "USES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(TRANSFORM ARG_USES PREPEND poolshift_)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(sources)
    add_executable(${name}_test ${sources})
    set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_compile_options(${name}_test PRIVATE ${POOLSHIFT_WARNINGS})
    target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name}_test PRIVATE ${ARG_USES} ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
    # Only where it is asked (by a header: everywhere in its folder). A path in the command would keep two trees from
    # sharing what ccache holds. Configure again after the first use in a file.
    set(by_header)
    file(GLOB headers CONFIGURE_DEPENDS *.h)
    foreach(header IN LISTS headers)
      file(STRINGS ${header} asks REGEX "POOLSHIFT_(SOURCE|BIN)_DIR" LIMIT_COUNT 1)
      string(APPEND by_header "${asks}")
    endforeach()
    foreach(source IN LISTS sources)
      file(STRINGS ${source} asks REGEX "POOLSHIFT_(SOURCE|BIN)_DIR" LIMIT_COUNT 1)
      if(asks OR by_header)
        set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS
          POOLSHIFT_SOURCE_DIR="${CMAKE_SOURCE_DIR}" POOLSHIFT_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
      endif()
    endforeach()
    add_test(NAME ${name} COMMAND ${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  endif()
endfunction()
