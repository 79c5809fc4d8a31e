/** MJCF of Walker2d-v5 without its looks; angles in radians, lengths in metres. */
export const walker2dModel = `<mujoco model="walker2d">
  <compiler angle="radian" inertiafromgeom="true"/>
  <option timestep="0.002" integrator="RK4"/>
  <size memory="1M"/>
  <default>
    <joint armature="0.01" damping="0.1"/>
    <geom type="capsule" friction="0.9 0.1 0.1" conaffinity="0"/>
    <motor gear="100" ctrlrange="-1 1"/>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" friction="0.7 0.1 0.1" conaffinity="1"/>
    <body name="torso" pos="0 0 1.25">
      <joint name="rootx" type="slide" pos="0 0 -1.25" axis="1 0 0" damping="0" armature="0"/>
      <joint name="rootz" type="slide" pos="0 0 -1.25" axis="0 0 1" ref="1.25" damping="0" armature="0"/>
      <joint name="rooty" axis="0 1 0" damping="0" armature="0"/>
      <geom name="torso_geom" size="0.05 0.19999999999999996"/>
      <body name="thigh" pos="0 0 -0.19999999999999996">
        <joint name="thigh_joint" axis="0 -1 0" range="-2.6179938779914944 0"/>
        <geom name="thigh_geom" pos="0 0 -0.2250000000000001" size="0.05 0.22500000000000003"/>
        <body name="leg" pos="0 0 -0.7000000000000001">
          <joint name="leg_joint" pos="0 0 0.25" axis="0 -1 0" range="-2.6179938779914944 0"/>
          <geom name="leg_geom" size="0.04 0.25"/>
          <body name="foot" pos="0.2 0 -0.35">
            <joint name="foot_joint" pos="-0.2 0 0.1" axis="0 -1 0" range="-0.7853981633974483 0.7853981633974483"/>
            <geom name="foot_geom" pos="-0.1 0 0.1" quat="0.7071067811865476 0 -0.7071067811865475 0" size="0.06 0.1" friction="1.9 0.1 0.1"/>
          </body>
        </body>
      </body>
      <body name="thigh_left" pos="0 0 -0.19999999999999996">
        <joint name="thigh_left_joint" axis="0 -1 0" range="-2.6179938779914944 0"/>
        <geom name="thigh_left_geom" pos="0 0 -0.2250000000000001" size="0.05 0.22500000000000003"/>
        <body name="leg_left" pos="0 0 -0.7000000000000001">
          <joint name="leg_left_joint" pos="0 0 0.25" axis="0 -1 0" range="-2.6179938779914944 0"/>
          <geom name="leg_left_geom" size="0.04 0.25"/>
          <body name="foot_left" pos="0.2 0 -0.35">
            <joint name="foot_left_joint" pos="-0.2 0 0.1" axis="0 -1 0" range="-0.7853981633974483 0.7853981633974483"/>
            <geom name="foot_left_geom" pos="-0.1 0 0.1" quat="0.7071067811865476 0 -0.7071067811865475 0" size="0.06 0.1" friction="1.9 0.1 0.1"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="thigh_joint"/>
    <motor joint="leg_joint"/>
    <motor joint="foot_joint"/>
    <motor joint="thigh_left_joint"/>
    <motor joint="leg_left_joint"/>
    <motor joint="foot_left_joint"/>
  </actuator>
</mujoco>
`;
