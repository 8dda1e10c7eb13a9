set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_SKIP_BUILD_RPATH OFF)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib/poolshift")
option(BUILD_SHARED_LIBS "Build the floors as shared libraries (fast links)" ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# Assertions stay on in the release build: a broken promise must stop, not continue.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

find_program(POOLSHIFT_LLD ld.lld)
if(POOLSHIFT_LLD)
  add_link_options(-fuse-ld=lld)
endif()

set(POOLSHIFT_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # g++ 12 reports moves of std::variant as uninitialised (GCC PR 105562 and kin): false, and not to be silenced in place.
  -Wno-maybe-uninitialized)
set(POOLSHIFT_SANITIZE "" CACHE STRING "address, thread or empty")
if(POOLSHIFT_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(POOLSHIFT_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
# Sanitizers must see where a library ends, so under them programs are linked like tests.
set(POOLSHIFT_ONE_PIECE ON)
if(POOLSHIFT_SANITIZE)
  set(POOLSHIFT_ONE_PIECE OFF)
endif()
